package io.trivet.linux.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MacAddress;
import io.trivet.linux.TwoHosts;
import io.trivet.linux.route.Neighbour;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PacketSocketTest {
  private static final long SECOND = 1_000_000_000L;
  private TwoHosts hosts;

  @BeforeEach
  void twoHosts() throws LinuxException {
    hosts = new TwoHosts();
  }

  @AfterEach
  void cleanUp() {
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  void aFrameArrivesUnchangedWithTheTimeOfItsArrival() throws Exception {
    byte[] sent =
        Ethernet.octets(
            Ethernet.header(new MacAddress(0x0200_0000_0001L), hosts.serverMac(), 0x88b5, 60)
                .put(new byte[60]));
    try (PacketSocket from = PacketSocket.open(hosts.server, "s0", 0x88b5);
        PacketSocket to = PacketSocket.open(hosts.client, "c0", 0x88b5)) {
      to.promiscuous();
      long before = System.nanoTime();
      from.send(sent);
      Frame frame = to.receive(5 * SECOND);
      long after = System.nanoTime();
      assertNotNull(frame);
      org.junit.jupiter.api.Assertions.assertArrayEquals(sent, frame.octets());
      assertFalse(frame.outgoing());
      // the wall clock may be slewed between stamp and reading: a millisecond of grace
      assertTrue(frame.arrivedNanos() >= before - 1_000_000 && frame.arrivedNanos() <= after);
      assertNull(to.receive(0));
    }
  }

  @Test
  void whatThisMachineSendsIsMarked() throws Exception {
    try (PacketSocket all = PacketSocket.open(hosts.server, "s0", PacketSocket.ALL)) {
      all.send(
          ArpPacket.announcement(hosts.serverMac(), TwoHosts.SERVER).toFrame(MacAddress.BROADCAST));
      try (PacketSocket sender = PacketSocket.open(hosts.server, "s0", PacketSocket.NONE)) {
        sender.send(
            ArpPacket.announcement(hosts.serverMac(), TwoHosts.VIP).toFrame(MacAddress.BROADCAST));
      }
      ArpPacket seen = null;
      while (seen == null || !seen.senderAddress().equals(TwoHosts.VIP)) {
        Frame frame = all.receive(5 * SECOND);
        assertNotNull(frame);
        seen = ArpPacket.parse(frame);
        assertTrue(seen == null || frame.outgoing());
      }
    }
  }

  @Test
  void closingEndsAWaitingReceive() throws Exception {
    PacketSocket socket = PacketSocket.open(hosts.client, "c0", 0x88b6);
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                ended.complete(socket.receive(-1) == null);
              } catch (LinuxException e) {
                ended.completeExceptionally(e);
              }
            });
    socket.close();
    assertTrue(ended.get(5, TimeUnit.SECONDS));
    ErrnoException closed = assertThrows(ErrnoException.class, () -> socket.send(new byte[60]));
    assertEquals(Errno.EBADF, closed.errno());
    socket.close();
  }

  @Test
  void aMissingLinkIsSaidSo() {
    ErrnoException e =
        assertThrows(
            ErrnoException.class,
            () -> PacketSocket.open(hosts.client, "nosuch", PacketSocket.ALL));
    assertEquals(Errno.ENODEV, e.errno());
    assertTrue(e.getMessage().contains("nosuch"));
  }

  /// The kernel of the other host believes what is announced, also over an older entry.
  @Test
  void announcementsReplaceWhatTheNeighbourKnows() throws Exception {
    hosts.addVips();
    for (var vip : java.util.List.of(TwoHosts.VIP, TwoHosts.VIP6)) {
      try (DatagramChannel out = hosts.datagrams(hosts.client);
          DatagramChannel in = hosts.datagrams(hosts.server)) {
        in.bind(new InetSocketAddress(vip, 0));
        out.send(ByteBuffer.allocate(1), in.getLocalAddress());
        in.receive(ByteBuffer.allocate(1)); // the client has resolved it
      }
      assertEquals(hosts.serverMac(), clientKnows(vip));
      MacAddress moved = MacAddress.parse("02:00:00:00:00:99");
      hosts.serverRoute.setDown("s0");
      hosts.serverRoute.setMac("s0", moved);
      hosts.serverRoute.setUp("s0");
      try (Announcer announcer = Announcer.open(hosts.server, "s0")) {
        long end = System.nanoTime() + 5 * SECOND;
        while (!moved.equals(clientKnows(vip)) && System.nanoTime() < end) {
          announcer.announce(vip, 1);
        }
      }
      assertEquals(moved, clientKnows(vip));
      hosts.close();
      hosts = new TwoHosts();
      hosts.addVips();
    }
  }

  @Test
  void noiseIsNoArpAndNoNeighbourMessage() {
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      byte[] noise = new byte[random.nextInt(100)];
      random.nextBytes(noise);
      if (noise.length > 20) {
        noise[12] = (byte) (random.nextBoolean() ? 0x08 : 0x86);
        noise[13] = (byte) (noise[12] == 8 ? 0x06 : 0xdd);
        noise[20] = 58;
      }
      Frame frame = new Frame(noise, 0, false);
      ArpPacket.parse(frame);
      NeighbourMessage.parse(frame);
    }
  }

  private @org.jspecify.annotations.Nullable MacAddress clientKnows(java.net.InetAddress address)
      throws LinuxException {
    return hosts.clientRoute.neighbours().stream()
        .filter(entry -> entry.address().equals(address) && entry.mac() != null)
        .map(Neighbour::mac)
        .findFirst()
        .orElse(null);
  }
}
