package io.trivet.linux.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MacAddress;
import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.TwoHosts;
import io.trivet.linux.netlink.Message;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RouteSocketTest {
  private TwoHosts hosts;
  private RouteSocket route;

  @BeforeEach
  void twoHosts() throws LinuxException {
    hosts = new TwoHosts();
    route = hosts.serverRoute;
  }

  @AfterEach
  void cleanUp() {
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  void aPulledCableShowsInTheLink() throws Exception {
    Link s0 = route.link("s0").orElseThrow();
    assertEquals("veth", s0.kind());
    assertTrue(s0.usable());
    hosts.clientRoute.setDown("c0");
    Link dark = route.link("s0").orElseThrow();
    assertTrue(dark.up());
    assertFalse(dark.carrier());
    assertFalse(dark.usable());
    assertTrue(route.link("nosuch").isEmpty());
    ErrnoException missing = assertThrows(ErrnoException.class, () -> route.setUp("nosuch"));
    assertEquals(Errno.ENODEV, missing.errno());
    assertTrue(missing.getMessage().contains("set link nosuch up"), missing.getMessage());
    assertThrows(IllegalArgumentException.class, () -> route.setUp("a-name-that-is-too-long"));
  }

  @Test
  void linksAreMadeChangedAndDeleted() throws Exception {
    route.createBridge("br0");
    route.createVeth("p0", "p1", null);
    route.setMaster("p0", "br0");
    int bridge = route.indexOf("br0");
    assertEquals(bridge, route.link("p0").orElseThrow().masterIndex());
    route.setUp("br0");
    route.setUp("p0");
    route.setUp("p1");
    route.setPortState("p0", RouteSocket.PortState.DISABLED);
    assertTrue(route.link("p1").orElseThrow().carrier(), "a blocked port keeps its carrier");
    route.setPortState("p0", RouteSocket.PortState.FORWARDING);
    route.setMaster("p0", null);
    assertEquals(0, route.link("p0").orElseThrow().masterIndex());
    route.setDown("p1");
    route.rename("p1", "renamed");
    MacAddress mac = MacAddress.parse("02:00:00:00:00:07");
    route.setMac("renamed", mac);
    route.setMtu("renamed", 1400);
    Link renamed = route.link("renamed").orElseThrow();
    assertEquals(mac, renamed.mac());
    assertEquals(1400, renamed.mtu());
    route.deleteLink("renamed");
    assertTrue(route.link("p0").isEmpty(), "the other end goes with it");
    route.deleteLink("renamed");
    ErrnoException taken = assertThrows(ErrnoException.class, () -> route.createBridge("br0"));
    assertEquals(Errno.EEXIST, taken.errno());
  }

  @Test
  void aMacvlanIsMadeInAnotherNamespace() throws Exception {
    try (NetworkNamespace inner = NetworkNamespace.createUnnamed();
        RouteSocket innerRoute = RouteSocket.open(inner)) {
      route.createMacvlan("vip0", "s0", inner);
      Link vip0 = innerRoute.link("vip0").orElseThrow();
      assertEquals("macvlan", vip0.kind());
      assertEquals(route.indexOf("s0"), vip0.parentIndex());
      assertTrue(route.link("vip0").isEmpty());
      route.createVeth("mover", "stays", null);
      route.moveTo("mover", inner);
      assertTrue(route.link("mover").isEmpty());
    }
  }

  @Test
  void addressesAreAddedOnceAndDeletedOnce() throws Exception {
    int s0 = route.indexOf("s0");
    for (InetAddress vip : List.of(TwoHosts.VIP, TwoHosts.VIP6)) {
      Prefix host = Prefix.host(vip);
      route.ensureAddress(s0, host, Set.of(AddressFlag.NODAD, AddressFlag.NO_PREFIX_ROUTE));
      route.ensureAddress(s0, host);
      List<InterfaceAddress> found =
          route.addresses(s0).stream().filter(address -> address.prefix().equals(host)).toList();
      assertEquals(1, found.size());
      assertFalse(found.getFirst().tentative());
      route.deleteAddress(s0, host);
      route.deleteAddress(s0, host);
      assertTrue(route.addresses(s0).stream().noneMatch(address -> address.prefix().equals(host)));
    }
    assertEquals(
        Errno.ENODEV,
        assertThrows(
                ErrnoException.class, () -> route.ensureAddress(9999, Prefix.host(TwoHosts.VIP)))
            .errno());
  }

  @Test
  void routesAndRulesAreSetListedAndDeleted() throws Exception {
    int s0 = route.indexOf("s0");
    for (String[] one :
        new String[][] {
          {"10.50.0.0/16", "10.99.0.2"}, {"fd50::/48", "fd99::2"}, {"0.0.0.0/0", "10.99.0.2"}
        }) {
      Route via = Route.via(Prefix.parse(one[0]), InetAddress.ofLiteral(one[1])).withProtocol(77);
      route.ensureRoute(via);
      route.ensureRoute(via);
      assertEquals(1, count(via.destination(), Route.MAIN));
      assertEquals(
          Errno.EEXIST, assertThrows(ErrnoException.class, () -> route.addRoute(via)).errno());
      route.deleteRoute(via);
      route.deleteRoute(via);
      assertEquals(0, count(via.destination(), Route.MAIN));
    }
    Route inTable = Route.onLink(Prefix.parse("10.51.0.0/16"), s0).inTable(1050);
    route.ensureRoute(inTable);
    assertEquals(1, count(inTable.destination(), 1050));
    ErrnoException unreachable =
        assertThrows(
            ErrnoException.class,
            () ->
                route.addRoute(
                    Route.via(Prefix.parse("10.52.0.0/16"), InetAddress.ofLiteral("172.16.0.1"))));
    assertTrue(
        unreachable.kernelSentence().contains("gateway"),
        "the kernel says why: " + unreachable.getMessage());
    for (InetAddress vip : List.of(TwoHosts.VIP, TwoHosts.VIP6)) {
      Rule rule = new Rule(Prefix.host(vip), 1050, 0);
      route.ensureRule(rule);
      route.ensureRule(rule);
      assertEquals(1, rules(rule));
      route.deleteRule(rule);
      route.deleteRule(rule);
      assertEquals(0, rules(rule));
    }
  }

  @Test
  void learnedNeighboursAreForgotten() throws Exception {
    try (DatagramChannel out = hosts.datagrams(hosts.server)) {
      out.send(ByteBuffer.wrap(new byte[1]), new InetSocketAddress(TwoHosts.CLIENT, 9));
    }
    int s0 = route.indexOf("s0");
    assertTrue(
        route.neighbours().stream().anyMatch(entry -> entry.address().equals(TwoHosts.CLIENT)));
    assertTrue(route.flushNeighbours(s0) >= 1);
    assertTrue(
        route.neighbours().stream().noneMatch(entry -> entry.address().equals(TwoHosts.CLIENT)));
  }

  @Test
  void theWatcherTellsAboutCarrierAndAddresses() throws Exception {
    BlockingQueue<NetworkEvent> seen = new LinkedBlockingQueue<>();
    BlockingQueue<LinuxException> failures = new LinkedBlockingQueue<>();
    try (NetworkWatcher _ = NetworkWatcher.start(hosts.server, seen::add, failures::add)) {
      await(
          seen,
          event ->
              event instanceof NetworkEvent.LinkChanged(Link link)
                  && link.name().equals("s0")
                  && link.usable());
      hosts.clientRoute.setDown("c0");
      await(
          seen,
          event ->
              event instanceof NetworkEvent.LinkChanged(Link link)
                  && link.name().equals("s0")
                  && !link.usable());
      int s0 = route.indexOf("s0");
      route.ensureAddress(s0, Prefix.host(TwoHosts.VIP));
      await(
          seen,
          event ->
              event instanceof NetworkEvent.AddressChanged(InterfaceAddress address)
                  && address.prefix().address().equals(TwoHosts.VIP));
      route.deleteAddress(s0, Prefix.host(TwoHosts.VIP));
      await(
          seen,
          event ->
              event instanceof NetworkEvent.AddressGone(InterfaceAddress address)
                  && address.prefix().address().equals(TwoHosts.VIP));
      route.createBridge("br0");
      route.setMaster("s0", "br0");
      route.setMaster("s0", null);
      route.deleteLink("s0");
      NetworkEvent gone = await(seen, event -> event instanceof NetworkEvent.LinkGone);
      assertTrue(gone instanceof NetworkEvent.LinkGone(Link link) && link.name().equals("s0"));
      assertTrue(route.link("s0").isEmpty(), "leaving a bridge is not taken for the link's end");
    }
    assertTrue(failures.isEmpty());
  }

  @Test
  void noiseIsUnderstoodOrRefused() {
    Random random = new Random(7);
    int[] types = {16, 17, 20, 24, 28, 32};
    for (int i = 0; i < 200_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      for (int at = 8; random.nextInt(4) != 0 && at + 8 <= noise.length; at += 8) {
        noise[at] = 8;
        noise[at + 1] = 0;
        noise[at + 2] = (byte) random.nextInt(32);
        noise[at + 3] = 0;
      }
      if (noise.length > 0 && random.nextBoolean()) {
        noise[0] = (byte) (random.nextBoolean() ? 2 : 10);
      }
      int type = types[random.nextInt(types.length)];
      Message message =
          new Message(type, 0, 1, ByteBuffer.wrap(noise).order(ByteOrder.nativeOrder()));
      try {
        RouteCodec.link(message);
        RouteCodec.address(message);
        RouteCodec.route(message);
        RouteCodec.rule(message);
        RouteCodec.neighbour(message);
      } catch (MalformedReplyException e) {
        // refused: as it should be
      }
    }
  }

  private static NetworkEvent await(
      BlockingQueue<NetworkEvent> seen, Predicate<NetworkEvent> wanted)
      throws InterruptedException {
    while (true) {
      NetworkEvent event = seen.poll(5, TimeUnit.SECONDS);
      assertTrue(event != null, "the event did not come within 5 s");
      if (wanted.test(event)) {
        return event;
      }
    }
  }

  private long count(Prefix destination, int table) throws LinuxException {
    return route.routes().stream()
        .filter(other -> other.destination().equals(destination) && other.table() == table)
        .count();
  }

  private long rules(Rule rule) throws LinuxException {
    return route.rules().stream()
        .filter(other -> other.from().equals(rule.from()) && other.table() == rule.table())
        .count();
  }
}
