package io.trivet.daemon.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.Route;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.LeaseTiming;
import io.trivet.cluster.state.Severity;
import io.trivet.daemon.leases.LinkCodec.Decoded;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What a daemon and its lease process say to each other, and what they must not take for it.
class LinkCodecTest {
  private static final VipAssignment PUBLIC =
      new VipAssignment("public", 812, "c1", List.of("c2", "c3"));

  static LeaseRole role(LeaseTiming timing) {
    return new LeaseRole(
        "c1",
        new TreeMap<>(
            Map.of(
                "c1", IpAddress.of("10.0.0.1"),
                "c2", IpAddress.of("10.0.0.2"),
                "c3", IpAddress.of("fd00::3"))),
        timing,
        List.of(
            new Vip("internal", List.of(IpPrefix.of("10.0.0.100/24")), "eth0", null, List.of()),
            new Vip(
                "public",
                List.of(IpPrefix.of("192.0.2.10/24"), IpPrefix.of("fd77::100/64")),
                "eth1",
                "vip",
                List.of(new Route(IpPrefix.of("0.0.0.0/0"), IpAddress.of("192.0.2.1"))))));
  }

  private static final List<ToLeases> DOWN =
      List.of(
          new ToLeases.Play(role(LeaseTiming.STANDARD)),
          new ToLeases.Confirm(3),
          new ToLeases.Attend(Long.MAX_VALUE),
          new ToLeases.Assign(List.of(PUBLIC, new VipAssignment("x", 0, null, List.of())), true),
          new ToLeases.Serve("public", true));
  private static final List<FromLeases> UP =
      List.of(
          new FromLeases.PeerSilent("c2"),
          new FromLeases.PeerHeard("c3"),
          new FromLeases.PeerBegan("c2", 17),
          new FromLeases.PeerLeft("c2"),
          new FromLeases.HoldChanged("public", true, 812),
          new FromLeases.VipCondition("public", "the interface eth0 is down", ""),
          new FromLeases.Taken(3, "no such device"),
          new FromLeases.Said("leases-down", Severity.CRITICAL, "c1", "It says why: “über”."));

  @Test
  void whatIsWrittenIsRead() {
    for (ToLeases message : DOWN) {
      assertEquals(
          new Decoded.Understood<>(message), LinkCodec.toLeases(LinkCodec.encode(message)));
    }
    for (FromLeases message : UP) {
      assertEquals(
          new Decoded.Understood<>(message), LinkCodec.fromLeases(LinkCodec.encode(message)));
    }
  }

  @Test
  void everyCutAndEveryAdditionIsRefused() {
    for (ToLeases message : DOWN) {
      byte[] bytes = LinkCodec.encode(message);
      for (int length = 0; length < bytes.length; length++) {
        assertInstanceOf(Decoded.Refused.class, LinkCodec.toLeases(Arrays.copyOf(bytes, length)));
      }
      assertInstanceOf(
          Decoded.Refused.class, LinkCodec.toLeases(Arrays.copyOf(bytes, bytes.length + 1)));
    }
  }

  @Test
  void oneSideDoesNotTakeWhatIsMeantForTheOther() {
    UP.forEach(
        message ->
            assertInstanceOf(Decoded.Refused.class, LinkCodec.toLeases(LinkCodec.encode(message))));
    DOWN.forEach(
        message ->
            assertInstanceOf(
                Decoded.Refused.class, LinkCodec.fromLeases(LinkCodec.encode(message))));
  }

  @Test
  void aRefusalSaysWhatAndWhere() {
    assertEquals(
        new Decoded.Refused<ToLeases>(1, "version 9, only 1 is understood"),
        LinkCodec.toLeases(new byte[] {9, 1}));
    assertEquals(
        new Decoded.Refused<ToLeases>(2, "kind 50 is unknown"),
        LinkCodec.toLeases(new byte[] {1, 50}));
  }

  /// Whatever bytes come: an answer, no exception, and what is understood is written as it came.
  @Test
  void garbageIsRefusedOrMeansWhatItSays() {
    Random random = new Random(20_261_128);
    for (int i = 0; i < 50_000; i++) {
      byte[] down = damaged(LinkCodec.encode(DOWN.get(random.nextInt(DOWN.size()))), random);
      if (LinkCodec.toLeases(down) instanceof Decoded.Understood<ToLeases>(ToLeases message)) {
        assertEquals(
            new Decoded.Understood<>(message), LinkCodec.toLeases(LinkCodec.encode(message)));
      }
      byte[] up = damaged(LinkCodec.encode(UP.get(random.nextInt(UP.size()))), random);
      if (LinkCodec.fromLeases(up) instanceof Decoded.Understood<FromLeases>(FromLeases message)) {
        assertEquals(
            new Decoded.Understood<>(message), LinkCodec.fromLeases(LinkCodec.encode(message)));
      }
    }
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    if (random.nextInt(4) == 0) {
      byte[] noise = new byte[2 + random.nextInt(200)];
      random.nextBytes(noise);
      noise[0] = LinkCodec.VERSION;
      noise[1] = bytes[1];
      return noise;
    }
    for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
