package io.trivet.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Speaks with the daemon of this machine over its control socket: one JSON object a line, there
/// and back. A daemon that is not there, frozen, or of another version costs a message, never a
/// hang.
final class ControlClient {
  private static final long CONNECT_SECONDS = 3;
  private static final String ADMIN = "admin.sock";
  private static final int MOST_BYTES = 16 << 20;

  private final Path socket;

  ControlClient(Path socket) {
    this.socket = socket;
  }

  /// Sends a request and gives the answer.
  ///
  /// @param seconds how long the daemon may take
  JsonObject ask(JsonObject request, long seconds) throws Refused {
    try (Connection connection = connect()) {
      connection.send(request, deadlineNanos(seconds));
      return accepted(connection.line(deadlineNanos(seconds), seconds));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /// Sends a request and gives every line that comes, until the consumer has enough or the daemon
  /// ends.
  void follow(JsonObject request, Predicate<JsonObject> more) throws Refused {
    try (Connection connection = connect()) {
      connection.send(request, deadlineNanos(CONNECT_SECONDS));
      JsonObject line = accepted(connection.line(Long.MAX_VALUE, 0));
      while (more.test(line)) {
        line = accepted(connection.line(Long.MAX_VALUE, 0));
      }
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private static long deadlineNanos(long seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  private Connection connect() throws Refused {
    if (!Files.exists(socket)) {
      throw new Refused(
          "the Trivet daemon does not run on this machine: there is no " + socket, START, 3);
    }
    try {
      return new Connection(socket);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private static final String START =
      "start it: systemctl start trivetd; why it stopped: journalctl -u trivetd -n 50; the other controllers answer \"trivet status\" too";

  private Refused unreachable(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (e instanceof AccessDeniedException || message.contains("permission denied")) {
      return new Refused("you may not open " + socket, "use sudo", 4);
    }
    if (message.contains("refused") || message.contains("no such file")) {
      return new Refused(
          "the Trivet daemon does not run on this machine: nobody listens on " + socket, START, 3);
    }
    return new Refused(
        "the Trivet daemon went away while it was asked (" + e.getMessage() + ")",
        "ask again; " + START,
        3);
  }

  private static JsonObject accepted(@Nullable String line) throws Refused {
    if (line == null) {
      throw new Refused("the Trivet daemon ended without an answer", "ask again; " + START, 3);
    }
    JsonObject answer;
    try {
      JsonElement element = JsonParser.parseString(line);
      answer = element.isJsonObject() ? element.getAsJsonObject() : new JsonObject();
    } catch (JsonParseException e) {
      throw new Refused(
          "the answer of the Trivet daemon is not understood",
          "compare trivet --version with the version of the package trivet",
          1);
    }
    if (answer.has("ok") && !Json.flag(answer, "ok")) {
      throw new Refused(
          Json.text(answer, "what", "the daemon refused, and did not say why"),
          Json.text(answer, "do", ""),
          (int) Json.number(answer, "exit", 1));
    }
    return answer;
  }

  /// One connection; each wait has an end.
  private static final class Connection implements AutoCloseable {
    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocate(64 << 10).flip();

    Connection(Path socket) throws IOException {
      selector = Selector.open();
      channel = connected(socket);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
    }

    /// By the socket of those who may change something, where the kernel lets this user open it:
    /// its places are not shared with everybody.
    private static SocketChannel connected(Path socket) throws IOException {
      try {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket.resolveSibling(ADMIN)));
      } catch (IOException e) {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
      }
    }

    void send(JsonObject request, long deadlineNanos) throws IOException, Refused {
      ByteBuffer out = StandardCharsets.UTF_8.encode(request + "\n");
      channel.keyFor(selector).interestOps(SelectionKey.OP_WRITE);
      while (out.hasRemaining()) {
        if (channel.write(out) == 0) {
          await(deadlineNanos, CONNECT_SECONDS);
        }
      }
      channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
    }

    /// The next line, or null at the end.
    @Nullable String line(long deadlineNanos, long seconds) throws IOException, Refused {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      while (true) {
        while (in.hasRemaining()) {
          byte b = in.get();
          if (b == '\n') {
            return line.toString(StandardCharsets.UTF_8);
          }
          line.write(b);
          if (line.size() > MOST_BYTES) {
            throw new IOException("a line longer than " + MOST_BYTES + " bytes");
          }
        }
        in.clear();
        int read = channel.read(in);
        in.flip();
        if (read < 0) {
          return null;
        }
        if (read == 0) {
          await(deadlineNanos, seconds);
        }
      }
    }

    private void await(long deadlineNanos, long seconds) throws IOException, Refused {
      boolean forEver = deadlineNanos == Long.MAX_VALUE;
      long millis = forEver ? 0 : TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      if (!forEver && millis <= 0) {
        throw new Refused(
            "the Trivet daemon took the request and did not answer within " + seconds + " s",
            "it may be frozen, or the machine overloaded: systemctl status trivetd; journalctl -u trivetd -n 50",
            3);
      }
      selector.select(millis);
      selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
      selector.close();
      channel.close();
    }
  }
}
