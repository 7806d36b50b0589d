package io.trivet.daemon.effect;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Asks a port whether somebody answers.
public final class NetProbe {
  private static final int MAX_STATUS_LINE_BYTES = 256;

  private NetProbe() {}

  /// The answer of a probe.
  ///
  /// @param ok whether the service answered as it should
  /// @param detail for people: the status line, or what failed
  public record Result(boolean ok, String detail) {}

  /// True when the port accepts a connection in time.
  public static Result tcp(String host, int port, long timeoutNanos) {
    try (Socket socket = connect(host, port, timeoutNanos)) {
      return new Result(socket.isConnected(), "port " + port + " accepts connections");
    } catch (IOException e) {
      return new Result(false, "port " + port + ": " + e.getMessage());
    }
  }

  /// Asks with HTTP/1.1; any status below 500 counts as an answer of a working API.
  public static Result http(String host, int port, String path, long timeoutNanos) {
    try (Socket socket = connect(host, port, timeoutNanos)) {
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: "
              + host
              + ":"
              + port
              + "\r\nUser-Agent: trivet\r\nAccept: */*\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return statusLine(socket.getInputStream());
    } catch (IOException e) {
      return new Result(false, "port " + port + ": " + e.getMessage());
    }
  }

  /// True when a broker answers the protocol header of AMQP 0-9-1 with its first frame, a method
  /// (type 1). It ends the connection then.
  public static Result amqp(String host, int port, long timeoutNanos) {
    try (Socket socket = connect(host, port, timeoutNanos)) {
      socket.getOutputStream().write(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
      int type = socket.getInputStream().read();
      return type == 1
          ? new Result(true, "port " + port + " speaks AMQP")
          : new Result(false, "port " + port + " does not speak AMQP");
    } catch (IOException e) {
      return new Result(false, "port " + port + ": " + e.getMessage());
    }
  }

  private static Socket connect(String host, int port, long timeoutNanos) throws IOException {
    int timeoutMillis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(timeoutMillis);
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(host), port), timeoutMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Result statusLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read();
        c >= 0 && c != '\n' && line.length() < MAX_STATUS_LINE_BYTES;
        c = in.read()) {
      line.append((char) c);
    }
    String[] words = line.toString().strip().split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[1-5][0-9][0-9]")) {
      return new Result(false, "not an HTTP answer: " + line.toString().strip());
    }
    return new Result(Integer.parseInt(words[1]) < 500, "HTTP " + words[1]);
  }
}
