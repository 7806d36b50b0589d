package io.trivet.linux.sockdiag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.LinuxException;
import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.TwoHosts;
import io.trivet.linux.netlink.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SockDiagTest {
  private TwoHosts hosts;
  private SockDiag sockets;

  @BeforeEach
  void twoHosts() throws LinuxException {
    hosts = new TwoHosts();
    hosts.addVips();
    sockets = SockDiag.open(hosts.server);
  }

  @AfterEach
  void cleanUp() {
    if (hosts != null) {
      sockets.close();
      hosts.close();
    }
  }

  /// The JDK's sockets are IPv6 ones: 10.99.0.100 is v4-mapped for the kernel.
  @Test
  void connectionsOfAnAddressEndAndOthersStay() throws Exception {
    for (InetAddress vip : List.of(TwoHosts.VIP, TwoHosts.VIP6)) {
      try (ServerSocketChannel listener = hosts.listener();
          SocketChannel viaVip = hosts.clientSocket();
          SocketChannel viaOwn = hosts.clientSocket()) {
        listener.bind(new InetSocketAddress(0));
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        viaVip.connect(new InetSocketAddress(vip, port));
        viaOwn.connect(new InetSocketAddress(TwoHosts.SERVER, port));
        try (SocketChannel one = listener.accept();
            SocketChannel other = listener.accept()) {
          SocketChannel ofVip = local(one).equals(vip) ? one : other;
          SocketChannel ofOwn = ofVip.equals(one) ? other : one;
          assertEquals(1, sockets.destroyLocal(Set.of(vip)));
          assertThrows(IOException.class, () -> ofVip.read(ByteBuffer.allocate(1)));
          assertThrows(
              IOException.class, () -> viaVip.read(ByteBuffer.allocate(1)), "the peer is reset");
          viaOwn.write(ByteBuffer.wrap(new byte[] {7}));
          assertEquals(1, ofOwn.read(ByteBuffer.allocate(1)));
          assertEquals(0, sockets.destroyLocal(Set.of(vip)));
        }
        try (SocketChannel again = hosts.clientSocket()) {
          again.connect(new InetSocketAddress(vip, port));
          assertTrue(again.isConnected(), "the listener was not touched");
        }
      }
    }
  }

  @Test
  void connectionsOfAnIpv4SocketEndByTheirPeer() throws Exception {
    try (ServerSocketChannel listener =
            TwoHosts.inside(
                hosts.server, () -> ServerSocketChannel.open(StandardProtocolFamily.INET));
        SocketChannel client = hosts.clientSocket()) {
      listener.bind(new InetSocketAddress(TwoHosts.VIP, 0));
      client.connect(listener.getLocalAddress());
      try (SocketChannel accepted = listener.accept()) {
        assertTrue(
            sockets.connections().stream()
                .anyMatch(connection -> connection.remoteAddress().equals(TwoHosts.CLIENT)));
        assertEquals(0, sockets.destroyRemote(Set.of(TwoHosts.SERVER)));
        assertEquals(1, sockets.destroyRemote(Set.of(TwoHosts.CLIENT)));
        assertThrows(IOException.class, () -> accepted.read(ByteBuffer.allocate(1)));
        assertFalse(
            sockets.connections().stream()
                .anyMatch(connection -> connection.remoteAddress().equals(TwoHosts.CLIENT)));
      }
    }
  }

  @Test
  void noiseIsUnderstoodOrRefused() {
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      byte[] noise = new byte[random.nextInt(90)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = (byte) (random.nextBoolean() ? 2 : 10);
      }
      Message message =
          new Message(20, 0, 1, ByteBuffer.wrap(noise).order(ByteOrder.nativeOrder()));
      if (noise.length < 72) {
        assertThrows(MalformedReplyException.class, () -> SocketCodec.connection(message));
      } else {
        try {
          SocketCodec.connection(message);
        } catch (MalformedReplyException e) {
          throw new AssertionError("long enough, and yet refused", e);
        }
      }
    }
  }

  private static InetAddress local(SocketChannel channel) throws IOException {
    return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
  }
}
