package io.trivet.daemon.vip;

import static io.trivet.daemon.vip.OneController.connects;
import static io.trivet.daemon.vip.OneController.hasAddress;
import static io.trivet.daemon.vip.OneController.namespace;
import static io.trivet.daemon.vip.OneController.vip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.state.Notice;
import io.trivet.daemon.lease.LeaseThread;
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
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Everything that somebody can take from a controller that holds two VIPs, one in a namespace and
/// one in the host, in a real kernel.
class KernelWatchTest {
  private static final String SPACE = namespace("w");
  private static final Vip INSIDE = vip("inside", "eth0", SPACE, "10.99.0.100/24", "fd99::100/64");
  private static final Vip BARE = vip("bare", "eth1", null, "10.98.0.103/24", "fd98::103/64");
  private static final long LEASE_NANOS = 120_000_000_000L;

  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final ExecutorService leaseThread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private OneController controller;
  private KernelWatch watch;
  private Thread thread;
  private NetworkNamespace space;
  private RouteSocket inner;

  @BeforeEach
  void holdBoth() throws IOException {
    controller = new OneController();
    controller.vips.reconfigure(List.of(INSIDE, BARE));
    hold("inside");
    hold("bare");
    space = NetworkNamespace.named(SPACE);
    inner = RouteSocket.open(space);
    watch = new KernelWatch("c1", controller.vips, new Leases(), new Heard());
    thread = Thread.ofPlatform().daemon().start(watch);
  }

  @AfterEach
  void cleanUp() throws IOException, InterruptedException {
    if (watch != null) {
      watch.close();
      thread.join();
      inner.close();
      space.close();
    }
    leaseThread.shutdown();
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

  /// A lease thread that holds both VIPs for ever.
  private final class Leases implements LeaseThread {
    @Override
    public void guardTouched(List<String> vips) {
      execute(
          () -> {
            try {
              for (String vip : vips) {
                controller.vips.restoreGuard(vip);
                hold(vip);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }

    @Override
    public void execute(Runnable task) {
      leaseThread.execute(task);
    }
  }

  private final class Heard implements KernelWatch.Observer {
    @Override
    public void fit(String vip, boolean fit, String why) {
      said.add((fit ? "fit " : "unfit ") + vip + " " + why);
    }

    @Override
    public void stranger(String vip, String who) {
      said.add("stranger " + vip + " " + who);
    }

    @Override
    public void say(Notice notice) {
      said.add(notice.id() + ": " + notice.text());
    }
  }

  /// Waits for something to be said that contains this.
  private String awaitSaid(String what) {
    try {
      for (int i = 0; i < 50; i++) {
        String next = said.poll(20, TimeUnit.SECONDS);
        if (next == null) {
          return fail("nobody said " + what);
        }
        if (next.contains(what)) {
          return next;
        }
      }
    } catch (InterruptedException e) {
      return fail(e);
    }
    return fail("nobody said " + what);
  }

  private void insideAnswers() throws IOException {
    assertTrue(connects(controller.other, space, "10.99.0.100", "10.99.0.100", 5_000));
    assertTrue(connects(controller.other, space, "fd99::100", "fd99::100", 5_000));
  }

  private void bareAnswers() throws IOException {
    assertTrue(connects(controller.other, controller.host, "10.98.0.103", "10.98.0.103", 5_000));
    assertTrue(connects(controller.other, controller.host, "fd98::103", "fd98::103", 5_000));
  }

  @Test
  void aFlushedGuardIsMadeAnewWithItsLeases() throws IOException {
    for (NetworkNamespace where : List.of(space, controller.host)) {
      try (AddressGuard stranger = AddressGuard.open(where, "trivet")) {
        stranger.remove();
        String notice = awaitSaid("kernel-put-right");
        assertTrue(notice.contains("guard"), notice);
        assertEquals(2, stranger.leased().size());
      }
    }
    insideAnswers();
    bareAnswers();
  }

  @Test
  void deletedAddressesAreGivenBack() throws IOException {
    inner.deleteAddress(inner.indexOf("vip-eth0"), Prefix.parse("10.99.0.100"));
    inner.deleteAddress(inner.indexOf("vip-eth0"), Prefix.parse("fd99::100"));
    awaitSaid("kernel-put-right");
    controller.route.deleteAddress(controller.route.indexOf("eth1"), Prefix.parse("fd98::103"));
    controller.route.deleteAddress(controller.route.indexOf("eth1"), Prefix.parse("10.98.0.103"));
    OneController.awaitTrue(
        "both are back",
        () ->
            hasAddress(controller.route, "10.98.0.103")
                && hasAddress(controller.route, "fd98::103"));
    insideAnswers();
    bareAnswers();
  }

  @Test
  void deletedLinksAreMadeAnew() throws IOException {
    inner.deleteLink("vip-eth0");
    awaitSaid("link vip-eth0");
    insideAnswers();
    controller.route.deleteLink("trivet0");
    awaitSaid("link trivet0");
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
    awaitSaid("kernel-put-right");
    insideAnswers();
  }

  @Test
  void theNameOfTheNamespaceComesBack() throws IOException {
    NetworkNamespace.delete(SPACE);
    awaitSaid("network namespace " + SPACE);
    assertTrue(space.isNamed(SPACE));
    NetworkNamespace.delete(SPACE);
    NetworkNamespace.create(SPACE).close();
    OneController.awaitTrue("the name is ours again", () -> space.isNamed(SPACE));
    insideAnswers();
  }

  @Test
  void routesRulesAndSettingsComeBack() throws IOException {
    for (Rule rule : inner.rules()) {
      if (rule.table() == 50) {
        inner.deleteRule(rule);
      }
    }
    awaitSaid("routing rule");
    for (Route route : inner.routes()) {
      if (route.table() == 50 || route.destination().length() == 0) {
        inner.deleteRoute(route);
      }
    }
    awaitSaid("route");
    Sysctl.write(space, "net.ipv4.conf.all.arp_ignore", "0");
    awaitSaid("arp_ignore");
    assertEquals("1", Sysctl.read(space, "net.ipv4.conf.all.arp_ignore"));
    insideAnswers();
    assertTrue(connects(space, controller.other, OneController.OTHER, OneController.OTHER, 5_000));
  }

  @Test
  void masqueradingComesBack() throws IOException {
    try (LinkRules stranger = LinkRules.open(controller.host, Forwarding.TABLE)) {
      stranger.remove();
    }
    awaitSaid("forwarding for the namespaces");
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
      assertTrue(awaitSaid("stranger inside").contains(mac));
      String notice = awaitSaid("vip-stranger");
      assertTrue(notice.contains("answers for 10.99.0.100 of VIP inside"), notice);
    }
    controller.otherRoute.deleteAddress(link, Prefix.parse("10.99.0.100"));
    try (Announcer announcer = Announcer.open(controller.other, "p1")) {
      announcer.announce(InetAddress.ofLiteral("fd98::103"), 1);
    }
    assertTrue(awaitSaid("vip-stranger").contains("fd98:0:0:0:0:0:0:103 of VIP bare"));
  }

  @Test
  void aStrangerThatIsThereBeforeIsFoundByAsking() throws IOException {
    controller.vips.hide("inside");
    int link = controller.otherRoute.indexOf("p0");
    controller.otherRoute.ensureAddress(link, Prefix.parse("10.99.0.100"));
    controller.otherRoute.ensureAddress(link, Prefix.parse("fd99::100"));
    hold("inside");
    awaitSaid("stranger inside");
  }

  @Test
  void anInterfaceThatIsDownIsGivenUpUntilItIsWell() throws IOException {
    controller.route.setDown("eth1");
    assertEquals("unfit bare the interface eth1 is down", awaitSaid("unfit"));
    controller.route.setUp("eth1");
    awaitSaid("fit bare ");
    controller.otherRoute.setDown("p0");
    assertEquals("unfit inside the interface eth0 has no carrier", awaitSaid("unfit"));
    controller.otherRoute.setUp("p0");
    awaitSaid("fit inside ");
    // Its own IPv6 address went with the link.
    assertTrue(connects(controller.other, space, "10.99.0.100", "10.99.0.100", 5_000));
  }
}
