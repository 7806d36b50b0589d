package io.trivet.daemon.effect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.services.agent.AgentEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NetProbeTest {
  private static final String HERE = InetAddress.getLoopbackAddress().getHostAddress();
  private static final byte[] METHOD_FRAME = {1, 0, 0, 0, 0, 0, 1, 7, (byte) 0xCE};

  @Test
  void aBrokerThatBeginsToSpeakIsThere() throws Exception {
    try (ServerSocket broker = answering(METHOD_FRAME)) {
      assertTrue(amqp(broker.getLocalPort(), 10_000).ok());
    }
  }

  @Test
  void whoeverSpeaksSomethingElseIsNoBroker() throws Exception {
    try (ServerSocket web =
        answering("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII))) {
      assertFalse(amqp(web.getLocalPort(), 10_000).ok());
    }
  }

  /// The kernel takes connections for a process that is frozen.
  @Test
  void aPortThatIsOpenAndSilentIsNoBroker() throws Exception {
    try (ServerSocket frozen = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertTrue(NetProbe.tcp(HERE, frozen.getLocalPort(), nanos(10_000)).ok());
      assertFalse(amqp(frozen.getLocalPort(), 100).ok());
    }
  }

  @Test
  void aFirstByteAndNoMoreIsNoAnswer() throws Exception {
    try (ServerSocket hangs = trickling(new byte[] {1}, 0)) {
      assertEquals(AgentEvent.NO_ANSWER, amqp(hangs.getLocalPort(), 200).detail());
    }
    try (ServerSocket hangs = trickling("H".getBytes(StandardCharsets.US_ASCII), 0)) {
      assertEquals(AgentEvent.NO_ANSWER, http(hangs.getLocalPort(), 200).detail());
    }
  }

  /// A timeout of each read would never end it.
  @Test
  void aByteNowAndThenIsNoAnswer() throws Exception {
    try (ServerSocket slow =
        trickling("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII), 20)) {
      long begin = System.nanoTime();
      assertEquals(AgentEvent.NO_ANSWER, http(slow.getLocalPort(), 500).detail());
      assertTrue(System.nanoTime() - begin < nanos(10_000));
    }
  }

  @Test
  void anAnswerMustHaveItsWholeHead() throws Exception {
    byte[] whole = "HTTP/1.1 300 Many\r\nA: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (ServerSocket api = trickling(whole, 0)) {
      assertEquals(new NetProbe.Result(true, "HTTP 300"), http(api.getLocalPort(), 10_000));
    }
    byte[] half = "HTTP/1.1 200 OK\r\nA: b\r\n".getBytes(StandardCharsets.US_ASCII);
    try (ServerSocket api = trickling(half, 0)) {
      assertEquals(AgentEvent.NO_ANSWER, http(api.getLocalPort(), 200).detail());
    }
  }

  @Test
  void memcachedTellsItsVersion() throws Exception {
    try (ServerSocket cache =
        trickling("VERSION 1.6.18\r\n".getBytes(StandardCharsets.US_ASCII), 0)) {
      assertEquals(
          new NetProbe.Result(true, "VERSION 1.6.18"),
          NetProbe.memcached(HERE, cache.getLocalPort(), nanos(10_000)));
    }
    try (ServerSocket frozen = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertEquals(
          AgentEvent.NO_ANSWER,
          NetProbe.memcached(HERE, frozen.getLocalPort(), nanos(100)).detail());
    }
  }

  @Test
  void aClosedPortIsNoBroker() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }
    assertFalse(amqp(port, 10_000).ok());
  }

  private static NetProbe.Result amqp(int port, long millis) {
    return NetProbe.amqp(HERE, port, nanos(millis));
  }

  private static NetProbe.Result http(int port, long millis) {
    return NetProbe.http(HERE, port, "/", nanos(millis));
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /// Listens, reads the protocol header of one connection and answers it.
  private static ServerSocket answering(byte[] answer) throws IOException {
    ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket client = listener.accept()) {
                byte[] header = client.getInputStream().readNBytes(8);
                assertEquals('A', header[0]);
                client.getOutputStream().write(answer);
                // Until the other side has closed.
                client.getInputStream().readAllBytes();
              } catch (IOException e) {
                // The test is over.
                return;
              }
            });
    return listener;
  }

  /// Listens, sends the bytes to one connection, and then another `x` each so many milliseconds; no
  /// more for 0. It never closes.
  private static ServerSocket trickling(byte[] first, long everyMillis) throws IOException {
    ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket client = listener.accept()) {
                client.getOutputStream().write(first);
                client.setSoTimeout((int) everyMillis);
                while (everyMillis > 0) {
                  awaitNothing(client);
                  client.getOutputStream().write('x');
                }
                client.getInputStream().readAllBytes();
              } catch (IOException e) {
                // The other side has closed.
                return;
              }
            });
    return listener;
  }

  /// Reads what came until nothing comes for the socket's timeout.
  private static void awaitNothing(Socket client) throws IOException {
    try {
      client.getInputStream().readAllBytes();
    } catch (SocketTimeoutException e) {
      return;
    }
  }
}
