package io.trivet.daemon.vip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.route.RouteSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every kind of thing that Trivet put into the kernel, lost in the ways that operators, their
/// tools and their configuration take it, by those tools themselves: put right with one notice, or
/// the VIP given up, with a reason; and what is not Trivet's left alone.
class KernelLossTest {
  private WatchedController watched;

  @AfterEach
  void cleanUp() throws IOException {
    if (watched != null) {
      watched.close();
    }
  }

  private NetworkNamespace in(String where) {
    return where.equals("inside") ? watched.space : watched.controller.host;
  }

  /// Columns: where (inside the VIP's namespace, or in the host), and the command.
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "inside | nft flush ruleset",
        "inside | nft delete table inet trivet",
        "inside | nft delete table arp trivet",
        "inside | nft delete table netdev trivet",
        "inside | nft flush chain inet trivet in",
        "inside | nft insert rule inet trivet in accept",
        "inside | nft insert rule netdev trivet egress-vip-eth0 accept",
        "inside | nft flush set inet trivet guarded",
        "inside | nft flush set inet trivet leased",
        "inside | nft add table inet trivet { flags dormant ; }",
        "host | nft flush ruleset",
        "host | nft flush table inet trivet",
        "host | nft delete table ip trivet_link",
        "host | nft flush chain ip6 trivet_link out",
        "inside | ip address flush dev vip-eth0",
        "inside | ip address flush dev host",
        "inside | ip -6 address flush dev vip-eth0",
        "inside | ip address delete 10.99.0.100/32 dev vip-eth0",
        "host | ip address delete 10.98.0.103/32 dev eth1",
        "host | ip address delete fd98::103/128 dev eth1",
        "host | ip address flush dev trivet0",
        "inside | ip address add 10.99.0.100/24 dev vip-eth0",
        "inside | ip address add 10.99.0.100/32 dev host",
        "inside | ip address add fd99::100/64 dev lo",
        "host | ip address add 10.99.0.100/24 dev eth0",
        "host | ip address add fd99::100/64 dev eth1 nodad",
        "host | ip address add 10.98.0.103/24 dev eth1",
        "host | ip address add 10.98.0.103/32 dev eth0",
        "inside | ip link set vip-eth0 down",
        "inside | ip link set host down",
        "host | ip link set trivet0 down",
        "inside | ip link delete vip-eth0",
        "inside | ip link delete host",
        "host | ip link delete trivet0",
        "inside | ip link set vip-eth0 name other",
        "inside | ip link set host name other",
        "host | ip link set trivet0 name other",
        "inside | ip link set vip-eth0 arp off",
        "inside | ip link set vip-eth0 mtu 1000",
        "host | ip link set trivet0 mtu 1000",
        "inside | ip link set vip-eth0 type macvlan mode private",
        "inside | ip rule flush",
        "inside | ip -6 rule flush",
        "inside | ip rule delete from 10.99.0.100",
        "inside | ip route flush table 50",
        "inside | ip -6 route flush table 50",
        "inside | ip route flush table main",
        "inside | ip route replace default via 10.99.0.2 dev vip-eth0 onlink",
        "inside | ip route delete table local 10.99.0.100",
        "host | ip route flush 10.99.0.100",
        "inside | sysctl -q -w net.ipv4.conf.all.arp_ignore=0",
        "inside | sysctl -q -w net.ipv4.conf.vip-eth0.arp_ignore=8",
        "inside | sysctl -q -w net.ipv4.conf.all.arp_announce=0",
        "inside | sysctl -q -w net.ipv6.conf.vip-eth0.disable_ipv6=1",
        "inside | sysctl -q -w net.ipv6.conf.all.disable_ipv6=1",
        "inside | sysctl -q -w net.ipv6.ip_nonlocal_bind=0",
        "host | sysctl -q -w net.ipv4.ip_nonlocal_bind=0",
        "host | sysctl -q -w net.ipv4.conf.eth0.forwarding=0",
        "host | sysctl -q -w net.ipv4.conf.trivet0.forwarding=0",
        "host | sysctl -q -w net.ipv6.conf.all.forwarding=0",
        "host | sysctl -q -w net.ipv6.conf.trivet0.disable_ipv6=1",
        "host | ip netns delete SPACE",
        "host | umount -l /run/netns/SPACE"
      })
  void whatTrivetMadeIsPutRight(String where, String command) throws IOException {
    watched = new WatchedController(true);
    run(where, command);
    watched.awaitSaid("kernel-put-right");
    watched.insideAnswers();
    watched.bareAnswers();
    reachesOthers();
    darkWithoutALease();
  }

  private void run(String where, String command) throws IOException {
    watched.run(in(where), command.replace("SPACE", WatchedController.SPACE).split(" "));
  }

  /// The load balancer in the namespace gets to other controllers and to its own.
  private void reachesOthers() throws IOException {
    OneController controller = watched.controller;
    for (String address : List.of(OneController.OTHER, OneController.OTHER6)) {
      assertTrue(
          OneController.connects(watched.space, controller.other, address, address, 5_000),
          address);
    }
    for (String address : List.of(OneController.OWN, OneController.OWN6)) {
      assertTrue(
          OneController.connects(watched.space, controller.host, address, address, 5_000), address);
    }
  }

  /// What was put right still obeys.
  private void darkWithoutALease() throws IOException {
    watched.letLeasesEnd();
    isDark("10.99.0.100", watched.space);
    isDark("fd98::103", watched.controller.host);
  }

  private void isDark(String address, NetworkNamespace where) throws IOException {
    assertFalse(
        OneController.connects(watched.controller.other, where, address, address, 300), address);
  }

  /// What belongs to the operator, or cannot be put right: the VIP is given up, and said why.
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "host | ip link set eth1 down | bare the interface eth1 is down",
        "host | ip link delete eth1 | bare the interface eth1 is gone",
        "host | ip link set eth1 name enp9 | bare the interface eth1 is gone",
        "host | ip link set eth1 arp off | bare the interface eth1 was changed",
        "host | sysctl -q -w net.ipv6.conf.eth1.disable_ipv6=1 | bare",
        "host | sysctl -q -w net.ipv4.conf.eth1.arp_ignore=8 | bare the kernel parameter net.ipv4.conf.eth1.arp_ignore",
        "host | ip link set eth0 down | inside the interface eth0 is down",
        "host | ip link delete eth0 | inside the interface eth0 is gone",
        "host | ip link set eth0 name enp9 | inside the interface eth0 is gone",
        "inside | ip rule add priority 1 from 10.99.0.100 prohibit | inside the route to 10.99.0.",
        "inside | ip rule add priority 1 from all lookup 77 | none",
        "inside | ip route add blackhole 10.99.0.1/32 | inside the route to 10.99.0.1 by host",
        "inside | ip route add 10.99.0.0/24 dev vip-eth0 | inside the route to 10.99.0.1 by host"
      })
  void whatIsNotTrivetsIsGivenUp(String where, String command, String reason) throws IOException {
    watched = new WatchedController(true);
    run(where, command);
    if (reason.equals("none")) {
      watched.insideAnswers();
      return;
    }
    String unfit = watched.awaitSaid("unfit ");
    assertTrue(unfit.startsWith("unfit " + reason), unfit);
    watched.awaitSaid("vip-given-up");
    boolean inside = reason.startsWith("inside");
    RouteSocket route = inside ? watched.inner : watched.controller.route;
    String vip = inside ? "10.99.0.100" : "10.98.0.103";
    OneController.awaitTrue(
        "the address is off the machine", () -> !OneController.hasAddress(route, vip));
    if (inside) {
      watched.bareAnswers();
    } else {
      watched.insideAnswers();
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "inside | sysctl -q -w net.ipv4.conf.all.rp_filter=1",
        "host | sysctl -q -w net.ipv4.conf.all.rp_filter=2",
        "inside | ip neighbour flush all",
        "host | ip neighbour flush all",
        "host | nft add table inet other",
        "inside | nft add table inet other",
        "host | ip address add 10.98.0.77/24 dev eth1"
      })
  void whatHurtsNobodyIsLeftAlone(String where, String command) throws IOException {
    watched = new WatchedController(true);
    run(where, command);
    watched.insideAnswers();
    watched.bareAnswers();
    reachesOthers();
    assertEquals(List.of(), watched.saidSoFar());
  }

  /// A controller that does not hold them: nothing that is done to it makes it answer.
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "host | ip address add 10.99.0.100/24 dev eth0 | must not be",
        "host | ip address add 10.99.0.100/32 dev eth0 | must not be",
        "host | ip address add 10.98.0.103/24 dev eth1 | must not be",
        "inside | ip address add 10.99.0.100/32 dev vip-eth0 | must not be",
        "inside | nft add element inet trivet leased { 10.99.0.100 } | guard",
        "inside | nft flush ruleset | guard"
      })
  void whoDoesNotHoldStaysDark(String where, String command, String notice) throws IOException {
    watched = new WatchedController(false);
    run(where, command);
    isDark("10.99.0.100", in(where));
    String said = watched.awaitSaid("kernel-put-right");
    assertTrue(said.contains(notice), said);
    for (RouteSocket route : List.of(watched.controller.route, watched.inner)) {
      assertFalse(OneController.hasAddress(route, "10.99.0.100"));
      assertFalse(OneController.hasAddress(route, "10.98.0.103"));
    }
    try (AddressGuard guard = AddressGuard.open(watched.space, "trivet")) {
      assertEquals(List.of(), guard.leased());
      assertEquals(List.of(), guard.leased(AddressGuard.Key.LEASED));
    }
  }

  @Test
  void theHostKeepsDarkWhatLivesInANamespaceAlsoWithoutAVipOfItsOwn() throws IOException {
    watched = new WatchedController(false, WatchedController.INSIDE);
    run("host", "nft flush ruleset");
    assertTrue(watched.awaitSaid("kernel-put-right").contains("guard of the VIPs"));
    run("host", "ip address add 10.99.0.100/24 dev eth0");
    isDark("10.99.0.100", watched.controller.host);
    watched.awaitSaid("must not be");
    run("host", "ip address add fd99::100/64 dev eth0 nodad");
    isDark("fd99::100", watched.controller.host);
  }

  @Test
  void anAddressThatOthersHangOnStaysAndTheVipIsGivenUp() throws IOException {
    watched = new WatchedController(false);
    RouteSocket route = watched.controller.route;
    run("host", "ip address flush dev eth1");
    run("host", "ip address add 10.98.0.103/24 dev eth1");
    run("host", "ip address add 10.98.0.1/24 dev eth1");
    assertTrue(watched.awaitSaid("unfit bare").contains("10.98.0.103/24 of eth1 is there"));
    assertTrue(OneController.hasAddress(route, "10.98.0.1"), "the controller's own address stays");
    isDark("10.98.0.103", watched.controller.host);
  }

  @Test
  void anotherEthernetAddressIsAnnounced() throws IOException {
    watched = new WatchedController(true);
    watched.insideAnswers();
    run("inside", "ip link set vip-eth0 address 02:99:00:00:00:77");
    run("host", "ip link set eth1 address 02:99:00:00:00:78");
    for (String vip : List.of("10.99.0.100", "fd99::100")) {
      awaitNeighbour(vip, "02:99:00:00:00:77");
    }
    watched.bareAnswers();
    awaitNeighbour("10.98.0.103", "02:99:00:00:00:78");
    watched.insideAnswers();
  }

  private void awaitNeighbour(String address, String mac) throws IOException {
    OneController.awaitTrue(
        address + " is known at " + mac,
        () ->
            watched.controller.otherRoute.neighbours().stream()
                .anyMatch(
                    n ->
                        n.address().equals(InetAddress.ofLiteral(address))
                            && String.valueOf(n.mac()).equals(mac)));
  }

  @Test
  void anInterfaceThatIsPluggedInAgainIsTakenAgain() throws IOException {
    watched = new WatchedController(true);
    run("host", "ip link set eth1 name enp9");
    watched.awaitSaid("unfit bare");
    run("host", "ip link set enp9 name eth1");
    watched.awaitSaid("fit bare");
    watched.hold("bare");
    run("host", "ip link delete eth0");
    watched.awaitSaid("unfit inside");
    OneController controller = watched.controller;
    controller.route.createVeth("eth0", "p0", controller.other);
    controller.route.setUp("eth0");
    controller.otherRoute.setUp("p0");
    int there = controller.otherRoute.indexOf("p0");
    controller.otherRoute.ensureAddress(there, Prefix.parse(OneController.OTHER + "/24"));
    controller.otherRoute.ensureAddress(there, Prefix.parse(OneController.OTHER6 + "/64"));
    watched.awaitSaid("fit inside");
    watched.hold("inside");
    watched.insideAnswers();
  }

  @Test
  void aFirewallThatDropsWhatItDoesNotKnowIsSaid() throws IOException {
    watched = new WatchedController(true);
    run("host", "nft add table ip filter");
    run(
        "host",
        "nft add chain ip filter FORWARD { type filter hook forward priority 0 ; policy drop ; }");
    String said = watched.awaitSaid("kernel-not-right");
    assertTrue(said.contains("chain FORWARD of table ip filter drops it"), said);
    run("host", "nft add rule ip filter FORWARD iifname trivet* accept");
    run("host", "nft add rule ip filter FORWARD oifname trivet* accept");
    assertTrue(watched.awaitSaid("kernel-put-right").contains("FORWARD"));
    reachesOthers();
  }
}
