package io.trivet.lab.observe;

import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Asks Keystone for tokens through the VIP, from the client, by raw requests: a new one every
/// while whether or not earlier ones were answered, so that one that hangs hides nothing. A token
/// issued is the answer 201 (Identity API v3).
final class TokenWatch {
  /// What a request may take before it is given up: more than a healthy cloud under load needs.
  private static final int TIMEOUT_MILLIS = 2_000;

  private static final int MOST_AT_ONCE = 8;
  private static final int STATUS_LINE_LENGTH = 12;

  private final NetworkNamespace client;
  private final InetSocketAddress target;
  private final byte[] request;
  private final List<Long> issued = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();

  /// @param body the JSON that asks for a token
  TokenWatch(NetworkNamespace client, InetSocketAddress target, String body) {
    this.client = client;
    this.target = target;
    String head =
        "POST /v3/auth/tokens HTTP/1.1\r\nHost: "
            + target.getHostString()
            + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    this.request = (head + body).getBytes(StandardCharsets.US_ASCII);
  }

  /// Begins one request, unless too many have not ended.
  void ask() throws LinuxException {
    if (running.incrementAndGet() > MOST_AT_ONCE) {
      running.decrementAndGet();
      return;
    }
    SocketChannel channel = client.run(TokenWatch::open);
    Thread.ofVirtual().start(() -> request(channel));
  }

  Answers issued() {
    synchronized (issued) {
      return new Answers(issued);
    }
  }

  /// Requests that ended with anything but a token.
  int failed() {
    return failed.get();
  }

  private void request(SocketChannel channel) {
    try (Socket socket = channel.socket()) {
      socket.connect(target, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(request);
      InputStream in = socket.getInputStream();
      String status = new String(in.readNBytes(STATUS_LINE_LENGTH), StandardCharsets.US_ASCII);
      if (status.endsWith(" 201")) {
        long now = System.nanoTime();
        synchronized (issued) {
          issued.add(now);
        }
      } else {
        failed.incrementAndGet();
      }
    } catch (IOException e) {
      failed.incrementAndGet(); // no token: that is what is counted
    } finally {
      running.decrementAndGet();
    }
  }

  private static SocketChannel open() {
    try {
      return SocketChannel.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
