package io.trivet.daemon.vip;

import static io.trivet.daemon.vip.OneController.connects;
import static io.trivet.daemon.vip.OneController.hasAddress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.Sysctl;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.nftables.LinkRules;
import io.trivet.linux.packet.Announcer;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import io.trivet.linux.route.Rule;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Everything that somebody can take from a controller that holds two VIPs, one in a namespace and
/// one in the host, in a real kernel.
class KernelWatchTest {
  private WatchedController watched;
  private OneController controller;
  private NetworkNamespace space;
  private RouteSocket inner;

  @BeforeEach
  void holdBoth() throws IOException {
    watched = new WatchedController(true);
    controller = watched.controller;
    space = watched.space;
    inner = watched.inner;
  }

  @AfterEach
  void cleanUp() throws IOException {
    if (watched != null) {
      watched.close();
    }
  }

  @Test
  void aFlushedGuardIsMadeAnewWithItsLeases() throws IOException {
    for (NetworkNamespace where : List.of(space, controller.host)) {
      try (AddressGuard stranger = AddressGuard.open(where, "trivet")) {
        stranger.remove();
        String notice = watched.awaitSaid("kernel-put-right");
        assertTrue(notice.contains("guard"), notice);
        assertEquals(2, stranger.leased().size());
      }
    }
    watched.insideAnswers();
    watched.bareAnswers();
  }

  @Test
  void deletedAddressesAreGivenBack() throws IOException {
    inner.deleteAddress(inner.indexOf("vip-eth0"), Prefix.parse("10.99.0.100"));
    inner.deleteAddress(inner.indexOf("vip-eth0"), Prefix.parse("fd99::100"));
    watched.awaitSaid("kernel-put-right");
    controller.route.deleteAddress(controller.route.indexOf("eth1"), Prefix.parse("fd98::103"));
    controller.route.deleteAddress(controller.route.indexOf("eth1"), Prefix.parse("10.98.0.103"));
    OneController.awaitTrue(
        "both are back",
        () ->
            hasAddress(controller.route, "10.98.0.103")
                && hasAddress(controller.route, "fd98::103"));
    watched.insideAnswers();
    watched.bareAnswers();
  }

  @Test
  void deletedLinksAreMadeAnew() throws IOException {
    inner.deleteLink("vip-eth0");
    watched.awaitSaid("link vip-eth0");
    watched.insideAnswers();
    controller.route.deleteLink("trivet0");
    watched.awaitSaid("link trivet0");
    assertTrue(connects(space, controller.other, OneController.OTHER, OneController.OTHER, 5_000));
    assertTrue(
        connects(space, controller.other, OneController.OTHER6, OneController.OTHER6, 5_000));
    try (AddressGuard guard = AddressGuard.open(space, "trivet")) {
      assertEquals(2, guard.leased().size());
    }
  }

  @Test
  void linksThatAreSetDownAreSetUp() throws IOException {
    inner.setDown("vip-eth0");
    watched.awaitSaid("kernel-put-right");
    watched.insideAnswers();
  }

  @Test
  void theNameOfTheNamespaceComesBack() throws IOException {
    NetworkNamespace.delete(WatchedController.SPACE);
    watched.awaitSaid("network namespace " + WatchedController.SPACE);
    assertTrue(space.isNamed(WatchedController.SPACE));
    NetworkNamespace.delete(WatchedController.SPACE);
    NetworkNamespace.create(WatchedController.SPACE).close();
    OneController.awaitTrue("the name is ours again", () -> space.isNamed(WatchedController.SPACE));
    watched.insideAnswers();
  }

  @Test
  void routesRulesAndSettingsComeBack() throws IOException {
    for (Rule rule : inner.rules()) {
      if (rule.table() == 50) {
        inner.deleteRule(rule);
      }
    }
    watched.awaitSaid("routing rule");
    for (Route route : inner.routes()) {
      if (route.table() == 50 || route.destination().length() == 0) {
        inner.deleteRoute(route);
      }
    }
    watched.awaitSaid("route");
    Sysctl.write(space, "net.ipv4.conf.all.arp_ignore", "0");
    watched.awaitSaid("arp_ignore");
    assertEquals("1", Sysctl.read(space, "net.ipv4.conf.all.arp_ignore"));
    watched.insideAnswers();
    assertTrue(connects(space, controller.other, OneController.OTHER, OneController.OTHER, 5_000));
  }

  @Test
  void masqueradingComesBack() throws IOException {
    try (LinkRules stranger = LinkRules.open(controller.host, Forwarding.TABLE)) {
      stranger.remove();
    }
    watched.awaitSaid("forwarding for the namespaces");
    assertTrue(connects(space, controller.other, OneController.OTHER, OneController.OTHER, 5_000));
    assertTrue(
        connects(space, controller.other, OneController.OTHER6, OneController.OTHER6, 5_000));
  }

  @Test
  void aStrangerThatAnswersForAVipIsNamed() throws IOException {
    int link = controller.otherRoute.indexOf("p0");
    String mac = String.valueOf(controller.otherRoute.link("p0").orElseThrow().mac());
    controller.otherRoute.ensureAddress(link, Prefix.parse("10.99.0.100"));
    try (Announcer announcer = Announcer.open(controller.other, "p0")) {
      announcer.announce(InetAddress.ofLiteral("10.99.0.100"), 1);
      assertTrue(watched.awaitSaid("stranger inside").contains(mac));
      String notice = watched.awaitSaid("vip-stranger");
      assertTrue(notice.contains("answers for 10.99.0.100 of VIP inside"), notice);
    }
    controller.otherRoute.deleteAddress(link, Prefix.parse("10.99.0.100"));
    try (Announcer announcer = Announcer.open(controller.other, "p1")) {
      announcer.announce(InetAddress.ofLiteral("fd98::103"), 1);
    }
    assertTrue(watched.awaitSaid("vip-stranger").contains("fd98:0:0:0:0:0:0:103 of VIP bare"));
  }

  @Test
  void whatTheHolderBeforeSaidIsNoStrangersClaim() throws IOException {
    controller.vips.hide("inside");
    try (Announcer before = Announcer.open(controller.other, "p0");
        Announcer stranger = Announcer.open(controller.other, "p1")) {
      before.announce(InetAddress.ofLiteral("10.99.0.100"), 1);
      before.announce(InetAddress.ofLiteral("fd99::100"), 1);
      watched.hold("inside");
      List<String> said = new ArrayList<>();
      OneController.awaitTrue(
          "the real one is heard",
          () -> {
            stranger.announce(InetAddress.ofLiteral("10.98.0.103"), 1);
            said.addAll(watched.saidSoFar());
            return said.stream().anyMatch(line -> line.startsWith("stranger bare"));
          });
      assertEquals(
          List.of(), said.stream().filter(line -> line.startsWith("stranger inside")).toList());
    }
  }

  @Test
  void aStrangerThatIsThereBeforeIsFoundByAsking() throws IOException {
    controller.vips.hide("inside");
    int link = controller.otherRoute.indexOf("p0");
    controller.otherRoute.ensureAddress(link, Prefix.parse("10.99.0.100"));
    controller.otherRoute.ensureAddress(link, Prefix.parse("fd99::100"));
    watched.hold("inside");
    watched.awaitSaid("stranger inside");
  }

  @Test
  void anInterfaceThatIsDownIsGivenUpUntilItIsWell() throws IOException {
    controller.route.setDown("eth1");
    assertEquals("unfit bare the interface eth1 is down", watched.awaitSaid("unfit"));
    controller.route.setUp("eth1");
    watched.awaitSaid("fit bare ");
    controller.otherRoute.setDown("p0");
    assertEquals("unfit inside the interface eth0 has no carrier", watched.awaitSaid("unfit"));
    controller.otherRoute.setUp("p0");
    watched.awaitSaid("fit inside ");
    watched.hold("inside");
    // Its own IPv6 address went with the link.
    assertTrue(connects(controller.other, space, "10.99.0.100", "10.99.0.100", 5_000));
  }
}
