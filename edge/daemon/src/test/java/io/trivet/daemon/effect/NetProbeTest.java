package io.trivet.daemon.effect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NetProbeTest {
  private static final String HERE = InetAddress.getLoopbackAddress().getHostAddress();
  private static final byte[] METHOD_FRAME = {1, 0, 0, 0, 0, 1, -1};

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
}
