package io.trivet.daemon.effect;

import io.trivet.services.agent.AgentEvent;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Asks a port whether somebody answers. Each probe ends in the time that it is given, whatever
/// comes: nothing, a first byte and no more, or a byte now and then.
public final class NetProbe {
  private static final int MAX_LINE_BYTES = 256;
  private static final int MAX_HEAD_BYTES = 64 * 1024;
  private static final int MAX_FRAME_BYTES = 128 * 1024;

  /// AMQP 0-9-1, section 4.2.3: type, channel, size; the payload; 0xCE.
  private static final int FRAME_HEAD_BYTES = 7;

  private static final int FRAME_END = 0xCE;

  private NetProbe() {}

  /// The answer of a probe.
  ///
  /// @param ok whether the service answered as it should
  /// @param detail for people: the status line, or what failed; [AgentEvent#NO_ANSWER] if nothing
  ///   whole came in time
  public record Result(boolean ok, String detail) {}

  /// What is said over the connection.
  private interface Conversation {
    Result with(Socket socket) throws IOException;
  }

  /// True when the port accepts a connection in time.
  public static Result tcp(String host, int port, long timeoutNanos) {
    return talk(
        host,
        port,
        timeoutNanos,
        socket -> new Result(socket.isConnected(), "port " + port + " accepts connections"));
  }

  /// Asks with HTTP/1.1; any status below 500 counts as an answer of a working API. The head of the
  /// answer must come whole.
  public static Result http(String host, int port, String path, long timeoutNanos) {
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: "
            + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
            + ":"
            + port
            + "\r\nUser-Agent: trivet\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    return talk(
        host,
        port,
        timeoutNanos,
        socket -> {
          send(socket, request);
          return status(socket.getInputStream());
        });
  }

  /// True when a broker answers the protocol header of AMQP 0-9-1 with a whole method frame (type
  /// 1). It ends the connection then.
  public static Result amqp(String host, int port, long timeoutNanos) {
    return talk(
        host,
        port,
        timeoutNanos,
        socket -> {
          socket.getOutputStream().write(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
          return isMethodFrame(socket.getInputStream())
              ? new Result(true, "port " + port + " speaks AMQP")
              : new Result(false, "port " + port + " does not speak AMQP");
        });
  }

  /// True when memcached tells its version (its text protocol, command `version`).
  public static Result memcached(String host, int port, long timeoutNanos) {
    return talk(
        host,
        port,
        timeoutNanos,
        socket -> {
          send(socket, "version\r\n");
          String line = line(socket.getInputStream());
          return line.startsWith("VERSION ")
              ? new Result(true, line)
              : new Result(false, "port " + port + " is not memcached's: " + line);
        });
  }

  private static Result talk(String host, int port, long nanos, Conversation conversation) {
    Socket socket = new Socket();
    Deadline deadline = new Deadline(socket, nanos);
    try (socket;
        deadline) {
      int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(host), port), millis);
      return conversation.with(socket);
    } catch (IOException e) {
      String why = deadline.why(e);
      return new Result(
          false, why.equals(AgentEvent.NO_ANSWER) ? why : "port " + port + ": " + why);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean isMethodFrame(InputStream in) throws IOException {
    byte[] head = in.readNBytes(FRAME_HEAD_BYTES);
    if (head.length < FRAME_HEAD_BYTES || head[0] != 1) {
      return false;
    }
    int size =
        (head[3] & 0xFF) << 24 | (head[4] & 0xFF) << 16 | (head[5] & 0xFF) << 8 | head[6] & 0xFF;
    if (size < 0 || size > MAX_FRAME_BYTES) {
      return false;
    }
    return in.readNBytes(size).length == size && in.read() == FRAME_END;
  }

  /// A line without its end. Byte by byte, which ends soon: a line is short.
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n' && line.length() < MAX_LINE_BYTES; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed before an answer");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static Result status(InputStream socket) throws IOException {
    InputStream in = new java.io.BufferedInputStream(socket);
    String line = line(in);
    String[] words = line.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[1-5][0-9][0-9]")) {
      return new Result(false, "not an HTTP answer: " + line);
    }
    int bytes = 0;
    int endsInARow = 1;
    while (endsInARow < 2 && bytes < MAX_HEAD_BYTES) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("the connection was closed within the head of an answer");
      }
      bytes++;
      endsInARow = c == '\n' ? endsInARow + 1 : c == '\r' ? endsInARow : 0;
    }
    return new Result(Integer.parseInt(words[1]) < 500, "HTTP " + words[1]);
  }
}
