package io.trivet.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One caller of the control socket, served by one thread: a request a line, one answer after the
/// other. Each wait has an end, at which the connection is closed.
final class CallerConnection {
  /// A request above it needs one of few permits, whoever asks: two cluster files of 1 MiB are
  /// enough at a time.
  static final int LARGE_BYTES = 64 << 10;

  /// Deeper than any request of ours.
  private static final int DEPTH_MAX = 16;

  private static final int READ_BYTES = 2 << 10;

  private final SocketChannel channel;
  private final Caller caller;
  private final Budget.Limits limits;
  private final ScheduledThreadPoolExecutor deadlines;
  private final Semaphore large;
  private final ByteBuffer in = ByteBuffer.allocate(READ_BYTES).flip();

  CallerConnection(
      SocketChannel channel,
      Caller caller,
      Budget.Limits limits,
      ScheduledThreadPoolExecutor deadlines,
      Semaphore large) {
    this.channel = channel;
    this.caller = caller;
    this.limits = limits;
    this.deadlines = deadlines;
    this.large = large;
  }

  void refuse(String what, String then, int exit) throws IOException {
    Answer answer = new Answer();
    answer.refuse(what, then, exit);
    write(answer.bytes());
  }

  void serve(Budget.Place place, BiConsumer<Request, Reply> handler) throws IOException {
    boolean heldLarge = false;
    try {
      while (true) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(64);
        End end = readLine(line, false);
        if (end == End.LARGE) {
          heldLarge = large.tryAcquire();
          if (!heldLarge) {
            refuse("two large requests are being read already", "try again in a moment", 3);
            return;
          }
          end = readLine(line, true);
        }
        if (end == End.TOO_LONG) {
          tooLong();
          return;
        }
        if (end == End.CLOSED) {
          return;
        }
        answer(line.toByteArray(), place, handler);
        if (heldLarge) {
          large.release();
          heldLarge = false;
        }
      }
    } finally {
      if (heldLarge) {
        large.release();
      }
    }
  }

  private void tooLong() throws IOException {
    if (caller.mayChange()) {
      refuse("the request is longer than " + limits.requestBytes() + " bytes", "send less", 2);
    } else {
      refuse(
          "the request is longer than the "
              + limits.requestBytes()
              + " bytes that one who may only look needs, and "
              + caller.user()
              + " may not change the cluster",
          Caller.HOW_TO_BE_PERMITTED,
          4);
    }
  }

  private enum End {
    WHOLE,
    CLOSED,
    LARGE,
    TOO_LONG
  }

  /// Reads up to the end of the line; stops once when it gets large, unless that is permitted.
  private End readLine(ByteArrayOutputStream line, boolean mayBeLarge) throws IOException {
    // Idle until the first byte, then all of the request within its time, however it drips.
    Deadline deadline = closing(line.size() == 0 ? limits.idleNanos() : limits.requestNanos());
    try {
      while (true) {
        boolean nothingYet = line.size() == 0;
        while (in.hasRemaining()) {
          byte b = in.get();
          if (b == '\n') {
            return End.WHOLE;
          }
          line.write(b);
          if (line.size() > limits.requestBytes()) {
            return End.TOO_LONG;
          }
          if (!mayBeLarge && line.size() > LARGE_BYTES) {
            return End.LARGE;
          }
        }
        if (nothingYet && line.size() > 0) {
          deadline.close();
          deadline = closing(limits.requestNanos());
        }
        in.clear();
        int read = channel.read(in);
        in.flip();
        if (read < 0) {
          return End.CLOSED;
        }
      }
    } finally {
      deadline.close();
    }
  }

  private void answer(byte[] line, Budget.Place place, BiConsumer<Request, Reply> handler)
      throws IOException {
    Answer answer = new Answer();
    Request request = parsed(line, answer);
    if (request == null) {
      write(answer.bytes());
      return;
    }
    if (request.follows()) {
      handle(handler, request, new Direct());
      return;
    }
    if (!place.awaitTurn()) {
      return;
    }
    try {
      handle(handler, request, answer);
    } finally {
      place.turnOver();
    }
    // After the turn: whoever reads slowly holds up nobody else.
    write(answer.bytes());
  }

  /// What does not fit (a list where a word belongs, a number beyond all numbers) is the caller's
  /// mistake, whichever part of the handler finds it.
  private static void handle(BiConsumer<Request, Reply> handler, Request request, Reply reply) {
    try {
      handler.accept(request, reply);
    } catch (UnsupportedOperationException
        | IllegalStateException
        | IllegalArgumentException
        | ClassCastException e) {
      reply.refuse("the request is not understood: " + e.getMessage(), "use the trivet command", 2);
    }
  }

  private @Nullable Request parsed(byte[] line, Reply reply) {
    String why = "";
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      if (depth(text) <= DEPTH_MAX) {
        JsonElement element = JsonParser.parseString(text);
        if (element.isJsonObject() && element.getAsJsonObject().has("command")) {
          JsonObject body = element.getAsJsonObject();
          JsonElement command = body.get("command");
          return new Request(command.isJsonPrimitive() ? command.getAsString() : "", body, caller);
        }
        why = "it is not an object with \"command\"";
      } else {
        why = "it is nested deeper than " + DEPTH_MAX;
      }
    } catch (CharacterCodingException e) {
      why = "it is not UTF-8";
    } catch (JsonParseException | NumberFormatException e) {
      why = "it is not JSON: " + e.getMessage();
    }
    reply.refuse("the request is not understood: " + why, "use the trivet command", 2);
    return null;
  }

  /// How deep brackets are nested at most; those within texts count as well, which only makes it
  /// stricter than it has to be for texts of nothing but brackets.
  private static int depth(String text) {
    int depth = 0;
    int deepest = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '{' || c == '[')) {
        deepest = Math.max(deepest, ++depth);
      } else if (!quoted && (c == '}' || c == ']')) {
        depth--;
      }
    }
    return deepest;
  }

  private void write(byte[] bytes) throws IOException {
    try (var _ = closing(limits.requestNanos())) {
      ByteBuffer out = ByteBuffer.wrap(bytes);
      while (out.hasRemaining()) {
        channel.write(out);
      }
    }
  }

  private interface Deadline extends AutoCloseable {
    @Override
    void close();
  }

  /// Closes the connection after that time, unless it is closed itself before.
  private Deadline closing(long nanos) {
    try {
      var task =
          deadlines.schedule(
              () -> {
                channel.close();
                return null;
              },
              nanos,
              TimeUnit.NANOSECONDS);
      return () -> task.cancel(false);
    } catch (RejectedExecutionException e) {
      // The daemon is stopping, and closes everything.
      return () -> {};
    }
  }

  private static void refuse(JsonObject answer, String what, String then, int exit) {
    answer.addProperty("ok", false);
    answer.addProperty("what", what);
    answer.addProperty("do", then);
    answer.addProperty("exit", exit);
  }

  /// An answer that is written when the handler is done.
  private static final class Answer implements Reply {
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream(256);

    @Override
    public boolean line(JsonObject line) {
      lines.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
      return true;
    }

    @Override
    public void end(JsonObject answer) {
      answer.addProperty("ok", true);
      line(answer);
    }

    @Override
    public void refuse(String what, String then, int exit) {
      JsonObject answer = new JsonObject();
      CallerConnection.refuse(answer, what, then, exit);
      line(answer);
    }

    byte[] bytes() {
      return lines.toByteArray();
    }
  }

  /// Lines that go out as they come.
  private final class Direct implements Reply {
    @Override
    public boolean line(JsonObject line) {
      try {
        write((line + "\n").getBytes(StandardCharsets.UTF_8));
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void end(JsonObject answer) {
      answer.addProperty("ok", true);
      line(answer);
    }

    @Override
    public void refuse(String what, String then, int exit) {
      JsonObject answer = new JsonObject();
      CallerConnection.refuse(answer, what, then, exit);
      line(answer);
    }
  }
}
