package io.trivet.daemon.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.UnitFence;
import io.trivet.cluster.UnitLease;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.daemon.lease.LeaseThread;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.cgroup.ControlGroups;
import io.trivet.linux.nftables.CgroupGuard;
import io.trivet.linux.route.RouteSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fenced units in a real kernel: a process in the control group of a unit, which sends to itself
/// over loopback in a network namespace of the test. The test's own thread is the lease thread.
class UnitHostTest {
  private static final String ID = "t" + ProcessHandle.current().pid();
  private static final String NAMESPACE = "trivet-unit-host-" + ID;
  private static final String UNIT = ID + ".service";
  private static final String LEASE = UnitLease.of(ID);
  private static final String SLICE = UnitFence.sliceGroup(ID);
  private static final String RUN = UnitFence.unitGroup(ID, UNIT);
  private static final long LEASE_NANOS = 60_000_000_000L;

  @TempDir private Path folder;
  private ControlGroups groups;
  private Path root;
  private NetworkNamespace namespace;
  private UnitHost host;
  private final LeaseThreadOfTheTest leases = new LeaseThreadOfTheTest();
  private final List<Talker> talkers = new ArrayList<>();

  /// What the watch asks the lease thread for; the test does it when it wants to.
  private static final class LeaseThreadOfTheTest implements LeaseThread {
    final BlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(1_000);
    final BlockingQueue<List<String>> touched = new ArrayBlockingQueue<>(1_000);

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void guardTouched(List<String> leases) {
      touched.add(leases);
    }
  }

  @BeforeEach
  void makeUnit() throws Exception {
    try {
      groups = ControlGroups.open();
      groups.ensure(RUN);
      root = root();
      NetworkNamespace.delete(NAMESPACE);
      namespace = NetworkNamespace.ensure(NAMESPACE);
      try (RouteSocket route = RouteSocket.open(namespace)) {
        route.setUp("lo");
      }
      try (CgroupGuard guard = CgroupGuard.open(namespace, "probe")) {
        guard.install(1, List.of());
        guard.remove();
      }
    } catch (IOException e) {
      Assumptions.abort("needs root, cgroup2 and nf_tables with socket: " + e.getMessage());
    }
    writeDropIn();
    host = newHost();
  }

  @AfterEach
  void cleanUp() throws IOException {
    if (host != null) {
      host.close();
    }
    for (Talker talker : talkers) {
      talker.close();
    }
    if (namespace != null) {
      namespace.close();
      NetworkNamespace.delete(NAMESPACE);
    }
    awaitTrue("the groups of the test are empty", () -> !groups.populated(SLICE));
    groups.remove(RUN);
    groups.remove(SLICE);
    if (groups.below(UnitFence.SLICES).isEmpty()) {
      groups.remove(UnitFence.SLICES);
    }
  }

  private UnitHost newHost() throws IOException {
    return new UnitHost(new FenceFiles(folder), namespace.again(), folder.resolve("stands"));
  }

  private void writeDropIn() throws IOException {
    Path file = folder.resolve(UNIT + ".d").resolve(UnitFence.DROP_IN);
    Files.createDirectories(file.getParent());
    Files.writeString(file, UnitFence.dropIn(ID));
  }

  private void hold() throws IOException {
    host.setKey(LEASE, HoldCommit.Key.FIRST, LEASE_NANOS);
    host.setKey(LEASE, HoldCommit.Key.SECOND, LEASE_NANOS);
  }

  @Test
  void whatAnEarlierLifeLeftRunningIsEndedBeforeAnythingElse() throws Exception {
    Talker left = talker();
    host.begin();
    assertTrue(left.process.waitFor(10, TimeUnit.SECONDS), "it was ended");
    assertTrue(Files.exists(folder.resolve("stands")), "systemd may start it now");
    assertFalse(talker().isHeard(), "what starts now is silent");
  }

  @Test
  void aUnitIsHeardWithBothKeysOnlyAndSilentWhenTheyAreCleared() throws Exception {
    host.begin();
    Talker talker = talker();
    host.setKey(LEASE, HoldCommit.Key.FIRST, LEASE_NANOS);
    assertFalse(talker.isHeard());
    host.setKey(LEASE, HoldCommit.Key.SECOND, LEASE_NANOS);
    host.show(LEASE);
    assertTrue(talker.isHeard());
    host.clearKeys(LEASE);
    assertFalse(talker.isHeard());
    host.clearKeys(LEASE);
  }

  @Test
  void theLeaseThreadSilencesAndLeavesTheKillingToAnother() throws Exception {
    host.begin();
    Talker talker = talker();
    hold();
    host.clearKeys(LEASE);
    host.hide(LEASE);
    // Nobody takes orders yet: what is known here is known without them.
    assertTrue(talker.process.isAlive());
    assertFalse(talker.isHeard());
    IOException refused = assertThrows(IOException.class, this::hold);
    assertTrue(refused.getMessage().contains("still being ended"), refused.getMessage());
    assertFalse(talker.isHeard(), "a run that lost its lease never speaks again");
    host.watch(leases);
    assertTrue(talker.process.waitFor(10, TimeUnit.SECONDS), "it is ended");
    awaitTrue("its group is empty", () -> !groups.populated(RUN));
    hold();
    assertTrue(talker().isHeard(), "the next run is another one");
  }

  @Test
  void anOrderToEndARunLeavesTheNextOneAlone() throws Exception {
    host.begin();
    Talker lost = talker();
    hold();
    host.clearKeys(LEASE);
    host.hide(LEASE);
    lost.close();
    awaitTrue("its group is empty", () -> !groups.populated(RUN));
    groups.remove(RUN);
    groups.ensure(RUN);
    hold();
    Talker next = talker();
    host.watch(leases);
    leases.touched.clear();
    host.setKey(LEASE, HoldCommit.Key.FIRST, LEASE_NANOS);
    Files.delete(folder.resolve("stands"));
    awaitTrue("the watch has looked", () -> Files.exists(folder.resolve("stands")));
    assertTrue(next.isHeard(), "it still runs and speaks");
  }

  @Test
  void withoutItsGuardAUnitIsNotDarkUntilNothingOfItRuns() throws Exception {
    host.begin();
    Talker talker = talker();
    hold();
    takeGuardAway();
    assertThrows(IOException.class, () -> host.clearKeys(LEASE));
    assertThrows(IOException.class, () -> host.show(LEASE));
    assertThrows(IOException.class, () -> host.hide(LEASE));
    assertThrows(IOException.class, () -> host.cutLink(LEASE));
    host.restoreGuard(LEASE);
    host.clearKeys(LEASE);
    assertFalse(talker.isHeard());
    takeGuardAway();
    host.watch(leases);
    assertTrue(talker.process.waitFor(10, TimeUnit.SECONDS), "the order to end it stands");
    awaitTrue("its group is empty", () -> !groups.populated(RUN));
    host.hide(LEASE);
    host.cutLink(LEASE);
  }

  @Test
  void aGuardWithoutItsRulesIsNoGuard() throws Exception {
    host.begin();
    hold();
    try (CgroupGuard guard = CgroupGuard.open(namespace, UnitHost.TABLE)) {
      guard.install(1, guard.guarded());
    }
    assertThrows(IOException.class, () -> host.clearKeys(LEASE), "it asks at another depth");
    host.restoreGuard(LEASE);
    host.clearKeys(LEASE);
  }

  @Test
  void aGuardThatIsTakenAwayComesBackAtOnceAndTheLeaseGoesOn() throws Exception {
    host.begin();
    host.watch(leases);
    Talker talker = talker();
    hold();
    takeGuardAway();
    Runnable putBack = leases.tasks.poll(10, TimeUnit.SECONDS);
    assertTrue(putBack != null, "the watch asks for it");
    putBack.run();
    assertFalse(talker.isHeard(), "silent until the rest of its lease is given");
    assertEquals(List.of(LEASE), leases.touched.poll(10, TimeUnit.SECONDS));
    hold();
    assertTrue(talker.isHeard());
  }

  @Test
  void aUnitWithoutItsFileStaysGuardedWhileItRuns() throws Exception {
    host.begin();
    host.watch(leases);
    Talker talker = talker();
    hold();
    Files.delete(folder.resolve(UNIT + ".d").resolve(UnitFence.DROP_IN));
    Files.delete(folder.resolve("stands"));
    awaitTrue("the watch has looked", () -> Files.exists(folder.resolve("stands")));
    host.clearKeys(LEASE);
    host.hide(LEASE);
    assertFalse(talker.isHeard());
    assertTrue(talker.process.waitFor(10, TimeUnit.SECONDS));
  }

  @Test
  void aUnitThatIsNotKnownGetsNoKeyAndIsDarkWhileNothingRuns() throws Exception {
    host.begin();
    String unknown = UnitLease.of(ID + "x");
    assertThrows(IOException.class, () -> host.setKey(unknown, HoldCommit.Key.FIRST, LEASE_NANOS));
    host.clearKeys(unknown);
    host.hide(unknown);
    host.cutLink(unknown);
  }

  @Test
  void aGroupThatIsMissingIsMadeByAnotherThreadAndToldOf() throws Exception {
    host.begin();
    groups.remove(RUN);
    hold();
    assertEquals(-1, groups.number(RUN), "the lease thread makes none");
    host.watch(leases);
    assertEquals(List.of(LEASE), leases.touched.poll(10, TimeUnit.SECONDS));
    assertTrue(groups.number(RUN) >= 0);
    hold();
    assertTrue(talker().isHeard());
  }

  @Test
  void aSliceThatWasMadeAnewIsGuardedBeforeItsRunGetsAKey() throws Exception {
    host.begin();
    groups.remove(RUN);
    groups.remove(SLICE);
    groups.ensure(RUN);
    hold();
    assertTrue(talker().isHeard());
    try (CgroupGuard guard = CgroupGuard.open(namespace, UnitHost.TABLE)) {
      assertTrue(guard.guarded().contains(groups.number(SLICE)));
    }
  }

  private void takeGuardAway() throws IOException {
    try (CgroupGuard guard = CgroupGuard.open(namespace, UnitHost.TABLE)) {
      guard.remove();
    }
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  /// Looks again and again, for at most 10 s.
  private static void awaitTrue(String what, Condition condition) throws IOException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < end, "not within 10 s: " + what);
      Thread.onSpinWait();
    }
  }

  private static Path root() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (line.contains(" - cgroup2 ")) {
        return Path.of(line.split(" ")[4]);
      }
    }
    throw new IOException("no cgroup2");
  }

  private Talker talker() throws IOException {
    Talker talker = new Talker(root.resolve(RUN));
    talkers.add(talker);
    return talker;
  }

  /// A process of the unit, which sends a datagram to itself whenever it is asked.
  private static final class Talker {
    private static final String SCRIPT =
        """
        use strict; use Socket qw(:all); $| = 1;
        print "ready\\n";
        while (<STDIN>) {
          socket(my $s, AF_INET, SOCK_DGRAM, 0) or die;
          bind($s, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die;
          my $sent = defined(send($s, "x", 0, getsockname($s)));
          my $bits = ""; vec($bits, fileno($s), 1) = 1;
          print $sent && select($bits, undef, undef, 0.1) > 0 ? "heard\\n" : "silent\\n";
        }
        """;

    final Process process;
    private final Writer words;
    private final BufferedReader answers;

    Talker(Path group) throws IOException {
      process =
          new ProcessBuilder("nsenter", "--net=/run/netns/" + NAMESPACE, "perl", "-e", SCRIPT)
              .redirectErrorStream(true)
              .start();
      words = process.outputWriter(StandardCharsets.UTF_8);
      answers = process.inputReader(StandardCharsets.UTF_8);
      assertEquals("ready", answers.readLine());
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
    }

    boolean isHeard() throws IOException {
      words.write("?\n");
      words.flush();
      return "heard".equals(answers.readLine());
    }

    void close() {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
