package io.trivet.daemon.vip;

import static io.trivet.daemon.vip.OneController.connects;
import static io.trivet.daemon.vip.OneController.hasAddress;
import static io.trivet.daemon.vip.OneController.namespace;
import static io.trivet.daemon.vip.OneController.vip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.file.Vip;
import io.trivet.cluster.kernel.KernelLimits;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.Sysctl;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// VIPs in a real kernel: what a change of the cluster file touches, and what it leaves alone.
class VipHostTest {
  private static final String A = namespace("a");
  private static final String B = namespace("b");
  private static final Vip IN_A = vip("first", "eth0", A, "10.99.0.100/24", "fd99::100/64");
  private static final Vip IN_B = vip("second", "eth0", B, "10.99.0.101/24", "fd99::101/64");
  private static final Vip ALSO_IN_B = vip("third", "eth1", B, "10.98.0.102/24", "fd98::102/64");
  private static final Vip ON_HOST = vip("bare", "eth1", null, "10.98.0.103/24", "fd98::103/64");
  private static final long LEASE_NANOS = 60_000_000_000L;

  private OneController controller;

  @BeforeEach
  void makeController() throws IOException {
    controller = new OneController();
  }

  @AfterEach
  void cleanUp() throws IOException {
    if (controller != null) {
      controller.close();
    }
  }

  private void hold(String vip) throws IOException {
    for (HoldCommit.Key key : HoldCommit.Key.values()) {
      controller.vips.setKey(vip, key, LEASE_NANOS);
    }
    controller.vips.show(vip);
  }

  /// Everything of one namespace that a client of its VIPs could notice.
  private static String picture(String namespace) throws IOException {
    try (NetworkNamespace in = NetworkNamespace.named(namespace);
        RouteSocket route = RouteSocket.open(in);
        AddressGuard guard = AddressGuard.open(in, "trivet")) {
      return route.links()
          + "\n"
          + route.addresses().stream().map(a -> a.linkIndex() + " " + a.prefix()).toList()
          + "\n"
          + route.rules()
          + "\n"
          + guard.leased().stream().map(leased -> leased.address()).toList()
          + guard.guarded();
    }
  }

  @Test
  void removingOneNamespaceLeavesTheOtherAlone() throws IOException {
    controller.vips.reconfigure(List.of(IN_A, IN_B, ON_HOST));
    hold("first");
    hold("second");
    hold("bare");
    String before = picture(B);
    int link = controller.route.indexOf("trivet1");
    var gone = controller.vips.reconfigure(List.of(IN_B, ON_HOST)).gone();
    assertEquals(List.of("first"), List.copyOf(gone));
    assertEquals(before, picture(B), "links, addresses, rules and leases are untouched");
    assertEquals(link, controller.route.indexOf("trivet1"));
    assertTrue(controller.route.link("trivet0").isEmpty());
    assertFalse(NetworkNamespace.exists(A));
    assertTrue(
        connects(controller.other, NetworkNamespace.named(B), "10.99.0.101", "10.99.0.101", 3000));
    assertTrue(hasAddress(controller.route, "10.98.0.103"));
    // What comes next takes the free number, and leaves the other alone again.
    controller.vips.reconfigure(List.of(IN_A, IN_B, ON_HOST));
    assertEquals(before, picture(B));
    assertTrue(controller.route.link("trivet0").isPresent());
  }

  @Test
  void aVipThatLeavesItsNamespaceLeavesTheOthersThere() throws IOException {
    Vip beside = vip("beside", "eth0", B, "10.99.0.104/24");
    controller.vips.reconfigure(List.of(beside, IN_B, ALSO_IN_B));
    hold("second");
    hold("third");
    hold("beside");
    controller.vips.reconfigure(List.of(IN_B, ALSO_IN_B));
    try (NetworkNamespace in = NetworkNamespace.named(B);
        RouteSocket route = RouteSocket.open(in);
        AddressGuard guard = AddressGuard.open(in, "trivet")) {
      assertFalse(hasAddress(route, "10.99.0.104"));
      assertTrue(hasAddress(route, "10.99.0.101"));
      assertTrue(hasAddress(route, "fd98::102"));
      assertEquals(4, guard.leased().size(), "both VIPs keep both leases");
      assertEquals(4, guard.guarded().size());
      assertFalse(
          route.rules().stream().anyMatch(rule -> rule.from().equals(Prefix.parse("10.99.0.104"))),
          "its rule went with it");
    }
    controller.vips.reconfigure(List.of(ALSO_IN_B));
    try (NetworkNamespace in = NetworkNamespace.named(B);
        RouteSocket route = RouteSocket.open(in)) {
      assertTrue(route.link("vip-eth0").isEmpty(), "no VIP stands on it");
      assertTrue(hasAddress(route, "10.98.0.102"));
    }
    assertTrue(
        connects(controller.other, NetworkNamespace.named(B), "10.98.0.102", "10.98.0.102", 3000));
  }

  @Test
  void aVipWithOtherAddressesIsDarkAndNew() throws IOException {
    controller.vips.reconfigure(List.of(IN_B, ON_HOST));
    hold("second");
    hold("bare");
    Vip moved = vip("second", "eth0", B, "10.99.0.111/24");
    assertEquals(
        List.of("second"),
        List.copyOf(controller.vips.reconfigure(List.of(moved, ON_HOST)).gone()));
    try (NetworkNamespace in = NetworkNamespace.named(B);
        RouteSocket route = RouteSocket.open(in)) {
      assertFalse(hasAddress(route, "10.99.0.101"));
      assertFalse(hasAddress(route, "fd99::101"));
    }
    hold("second");
    assertTrue(
        connects(controller.other, NetworkNamespace.named(B), "10.99.0.111", "10.99.0.111", 3000));
  }

  @Test
  void theSameFileAgainTouchesNothing() throws IOException {
    List<Vip> file = List.of(IN_A, IN_B, ON_HOST);
    controller.vips.reconfigure(file);
    hold("second");
    String before = picture(B);
    assertTrue(controller.vips.reconfigure(file).gone().isEmpty());
    assertEquals(before, picture(B));
  }

  @Test
  void anAddressOfAnEarlierLifeIsTakenOffBeforeItsGuardForgetsIt() throws IOException {
    controller.vips.reconfigure(List.of(IN_B, ON_HOST));
    hold("bare");
    hold("second");
    controller.vips.close();
    controller.vips = controller.host();
    controller.vips.reconfigure(List.of(IN_B));
    assertFalse(hasAddress(controller.route, "10.98.0.103"));
    assertFalse(hasAddress(controller.route, "fd98::103"));
  }

  @Test
  void aMissingInterfaceIsNoReasonToStop() throws IOException {
    Vip missing = vip("missing", "eth7", A, "10.97.0.1/24");
    Vip bareMissing = vip("bare-missing", "eth7", null, "10.97.0.2/24");
    controller.vips.reconfigure(List.of(missing, IN_B, bareMissing, ON_HOST));
    hold("second");
    hold("bare");
    assertTrue(
        connects(controller.other, NetworkNamespace.named(B), "10.99.0.101", "10.99.0.101", 3000));
  }

  @Test
  void aNamespaceReachesOtherControllersAndTheControllerDoesNotBecomeARouter() throws IOException {
    controller.vips.reconfigure(List.of(IN_A));
    NetworkNamespace in = NetworkNamespace.named(A);
    assertTrue(connects(in, controller.other, OneController.OTHER, OneController.OTHER, 3000));
    assertTrue(connects(in, controller.other, OneController.OTHER6, OneController.OTHER6, 3000));
    assertTrue(connects(in, controller.host, OneController.OWN, OneController.OWN, 3000));
    assertTrue(connects(in, controller.host, OneController.OWN6, OneController.OWN6, 3000));
    assertEquals("0", Sysctl.read(controller.host, "net.ipv4.ip_forward"));
    assertEquals("0", Sysctl.read(controller.host, "net.ipv6.conf.eth0.forwarding"));
    assertFalse(routesForOthers("10.98.0.77", "10.99.0.1"));
    assertFalse(routesForOthers("fd98::77", "fd99::1"));
    controller.vips.reconfigure(List.of());
    assertEquals("0", Sysctl.read(controller.host, "net.ipv4.conf.eth0.forwarding"));
    assertEquals("0", Sysctl.read(controller.host, "net.ipv6.conf.all.forwarding"));
  }

  @Test
  void controllersThatKnowEachOtherByIpv6OnlyAreReachedFromANamespace() throws IOException {
    controller.vips.close();
    controller.vips = controller.host(OneController.OWN6);
    controller.vips.reconfigure(List.of(IN_A));
    hold("first");
    NetworkNamespace in = NetworkNamespace.named(A);
    assertTrue(connects(in, controller.other, OneController.OTHER6, OneController.OTHER6, 3000));
    assertTrue(connects(in, controller.host, OneController.OWN6, OneController.OWN6, 3000));
    assertTrue(connects(controller.other, in, "fd99::100", "fd99::100", 3000));
    assertTrue(connects(controller.host, in, "fd99::100", "fd99::100", 3000));
    assertEquals(List.of(), controller.vips.look());
    assertEquals("0", Sysctl.read(controller.host, "net.ipv4.conf.eth0.forwarding"));
    assertFalse(routesForOthers("fd98::77", "fd99::1"));
  }

  @Test
  void aControllerWithoutIpv6ServesVipsInNamespaces() throws IOException {
    Sysctl.write(controller.host, "net.ipv6.conf.all.disable_ipv6", "1");
    Sysctl.write(controller.host, "net.ipv6.conf.default.disable_ipv6", "1");
    controller.vips.close();
    controller.vips = controller.host(OneController.OWN);
    Vip v4 = vip("first", "eth0", A, "10.99.0.100/24");
    controller.vips.reconfigure(List.of(v4));
    hold("first");
    NetworkNamespace in = NetworkNamespace.named(A);
    assertTrue(connects(controller.other, in, "10.99.0.100", "10.99.0.100", 3000));
    assertTrue(connects(in, controller.other, OneController.OTHER, OneController.OTHER, 3000));
    assertEquals(List.of(), controller.vips.look());
    assertEquals("1", Sysctl.read(controller.host, "net.ipv6.conf.eth0.disable_ipv6"));
  }

  @Test
  void aControllerThatIsARouterStaysOne() throws IOException {
    Sysctl.write(controller.host, "net.ipv4.ip_forward", "1");
    Sysctl.write(controller.host, "net.ipv6.conf.all.forwarding", "1");
    controller.vips.reconfigure(List.of(IN_A));
    assertTrue(routesForOthers("10.98.0.77", "10.99.0.1"));
    assertTrue(routesForOthers("fd98::77", "fd99::1"));
    controller.vips.reconfigure(List.of());
    assertEquals("1", Sysctl.read(controller.host, "net.ipv4.ip_forward"));
    assertEquals("1", Sysctl.read(controller.host, "net.ipv4.conf.eth0.forwarding"));
    assertEquals("1", Sysctl.read(controller.host, "net.ipv6.conf.all.forwarding"));
    assertTrue(routesForOthers("10.98.0.77", "10.99.0.1"));
  }

  /// Whether the controller forwards between its networks: a third machine behind eth1 is reached
  /// from the other one by way of it.
  private boolean routesForOthers(String third, String gateway) throws IOException {
    boolean v6 = third.contains(":");
    try (NetworkNamespace far = NetworkNamespace.createUnnamed();
        RouteSocket farRoute = RouteSocket.open(far)) {
      Sysctl.write(far, "net.ipv6.conf.default.accept_dad", "0");
      controller.route.createVeth("eth2", "f0", far);
      try {
        controller.route.setUp("eth2");
        farRoute.setUp("f0");
        String net = v6 ? "fd96::" : "10.96.0.";
        int length = v6 ? 64 : 24;
        controller.route.ensureAddress(
            controller.route.indexOf("eth2"), Prefix.parse(net + "1/" + length));
        farRoute.ensureAddress(farRoute.indexOf("f0"), Prefix.parse(net + "2/" + length));
        Prefix everything = Prefix.defaultRoute(v6);
        farRoute.ensureRoute(Route.via(everything, InetAddress.ofLiteral(net + "1")));
        controller.otherRoute.ensureRoute(
            Route.via(
                Prefix.parse(v6 ? "fd96::/64" : "10.96.0.0/24"), InetAddress.ofLiteral(gateway)));
        OneController.awaitTrue(
            "carrier of the third machine", () -> farRoute.link("f0").orElseThrow().usable());
        // An IPv6 address may still be looked at for a duplicate.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        boolean through = false;
        while (!through && System.nanoTime() - end < 0) {
          through = connects(controller.other, far, net + "2", net + "2", 500);
        }
        return through;
      } finally {
        controller.route.deleteLink("eth2");
      }
    }
  }

  @Test
  void limitsAreThoseOfTheGuard() {
    assertEquals(KernelLimits.MOST_ADDRESSES_IN_PLACE, AddressGuard.MOST_GUARDED);
    assertEquals(KernelLimits.MOST_ADDRESSES_OF_VIP, AddressGuard.MOST_AT_ONCE);
  }
}
