package io.trivet.daemon.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// On a real bus (dbus-daemon), with a manager of units in the place of systemd.
@Timeout(120)
class SystemdTest {
  private static final UnitState INACTIVE =
      new UnitState(StandIn.KNOWN, "inactive", "dead", "success");
  private static final UnitState ACTIVE = new UnitState(StandIn.KNOWN, "active", "running", "");

  @TempDir private Path folder;
  private PrivateBus bus;
  private StandIn manager;
  private Systemd systemd;
  private final BlockingQueue<UnitState> told = new LinkedBlockingQueue<>();

  @BeforeEach
  void connect() throws Exception {
    assumeTrue(Files.isExecutable(PrivateBus.PROGRAM), "this machine has no dbus-daemon");
    bus = new PrivateBus(folder);
    manager = new StandIn(bus.address());
    systemd = new Systemd(bus.address(), told::add);
    assertEquals("Subscribe", manager.next());
  }

  @AfterEach
  void close() throws Exception {
    if (systemd != null) {
      systemd.close();
      manager.close();
      bus.stop();
    }
  }

  @Test
  void startsAndTellsWhatBecomesOfIt() throws Exception {
    systemd.watch(StandIn.KNOWN);
    assertEquals(INACTIVE, heard());
    systemd.start(StandIn.KNOWN);
    assertEquals("ResetFailedUnit " + StandIn.KNOWN, manager.next());
    assertEquals("StartUnit " + StandIn.KNOWN, manager.next());
    manager.change("active", "running");
    assertEquals(ACTIVE, heard());
    assertEquals(1_500, systemd.cpuNanos(StandIn.KNOWN));
    manager.countNothing();
    assertTrue(systemd.cpuNanos(StandIn.KNOWN) > 1_500, "that of its processes, added up");
    systemd.kill(StandIn.KNOWN);
    assertEquals("KillUnit " + StandIn.KNOWN + " all 9", manager.next());
  }

  /// An error is an answer, whatever its name: the connection stays.
  @Test
  void aUnitThatDoesNotExist() throws Exception {
    for (int i = 0; i < 3; i++) {
      SystemdException no =
          assertThrows(SystemdException.class, () -> systemd.start("other.service"));
      assertFalse(no.unreachable());
      assertTrue(String.valueOf(no.getMessage()).contains("there is no unit other.service"));
      assertEquals("ResetFailedUnit other.service", manager.next());
      assertEquals("StartUnit other.service", manager.next());
      // Stopping is not in this manager's list of calls at all.
      assertFalse(
          assertThrows(SystemdException.class, () -> systemd.stop("other.service")).unreachable());
    }
    systemd.watch("other.service");
    assertEquals("not-found", heard().activeState());
    assertEquals(-1, systemd.cpuNanos("other.service"));
    systemd.watch(StandIn.KNOWN);
    assertEquals(INACTIVE, heard());
    assertTrue(manager.nothingMore(), "no second connection was made");
  }

  /// Whoever may not ask, or asks too much, knows nothing of the unit by that.
  @Test
  void onlyNoSuchUnitMeansThatThereIsNone() throws Exception {
    systemd.watch(StandIn.KNOWN);
    assertEquals(INACTIVE, heard());
    manager.change("active", "running");
    assertEquals(ACTIVE, heard());
    manager.refuseToTell(true);
    systemd.watch(StandIn.KNOWN);
    systemd.watch("other.service");
    assertEquals("not-found", heard().activeState());
    assertTrue(told.isEmpty(), "what was known of the first one stands");
    manager.refuseToTell(false);
    assertEquals(ACTIVE, heard(), "asked again soon");
  }

  @Test
  void aJobThatEndsInVain() throws Exception {
    systemd.watch(StandIn.KNOWN);
    assertEquals(INACTIVE, heard());
    manager.endJob("dependency");
    UnitState refused = heard();
    assertEquals(UnitState.REFUSED, refused.subState());
    assertTrue(refused.result().contains("list-dependencies"), refused.result());
  }

  @Test
  void theBusGoesAwayInBetween() throws Exception {
    systemd.watch(StandIn.KNOWN);
    assertEquals(INACTIVE, heard());
    for (int i = 0; i < 3; i++) {
      manager.close();
      bus.stop();
      CompletableFuture<Boolean> started = asked(it -> it.start(StandIn.KNOWN));
      bus.start();
      manager = new StandIn(bus.address());
      // What happened meanwhile was not heard, so everything is told again.
      assertEquals(INACTIVE, heard());
      assertTrue(started.get(60, TimeUnit.SECONDS), "asked again when it could be");
      assertEquals("Subscribe", manager.next());
      assertEquals("ResetFailedUnit " + StandIn.KNOWN, manager.next());
      assertEquals("StartUnit " + StandIn.KNOWN, manager.next());
      manager.change("active", "running");
      assertEquals(ACTIVE, heard());
      assertTrue(manager.nothingMore(), "the end of the old connection ended no new one");
    }
  }

  /// The bus stays: only who answers on it is away.
  @Test
  void systemdIsAwayForAMoment() throws Exception {
    manager.close();
    CompletableFuture<Boolean> started = asked(it -> it.start(StandIn.KNOWN));
    manager = new StandIn(bus.address());
    assertTrue(started.get(60, TimeUnit.SECONDS));
    assertEquals("ResetFailedUnit " + StandIn.KNOWN, manager.next());
    assertEquals("StartUnit " + StandIn.KNOWN, manager.next());
    assertTrue(manager.nothingMore(), "no second connection was made");
  }

  /// On a machine that is too busy a reload takes longer than any other call, and it is not asked
  /// for again meanwhile.
  @Test
  void aReloadTakesAsLongAsSystemdNeeds() throws Exception {
    systemd.watch(StandIn.KNOWN);
    assertEquals(INACTIVE, heard());
    CountDownLatch letGo = manager.slowReload();
    CompletableFuture<Boolean> reloaded = asked(Systemd::daemonReload);
    assertThrows(TimeoutException.class, () -> reloaded.get(6, TimeUnit.SECONDS));
    letGo.countDown();
    assertTrue(reloaded.get(30, TimeUnit.SECONDS));
    assertEquals("Reload", manager.next());
    assertTrue(manager.nothingMore());
  }

  @Test
  void aReloadIsAskedForAgainWhenSystemdWasAway() throws Exception {
    manager.close();
    CompletableFuture<Boolean> reloaded = asked(Systemd::daemonReload);
    // Longer than any other call has patience.
    assertThrows(TimeoutException.class, () -> reloaded.get(9, TimeUnit.SECONDS));
    manager = new StandIn(bus.address());
    assertTrue(reloaded.get(30, TimeUnit.SECONDS));
    assertEquals("Reload", manager.next());
  }

  private interface Request {
    void to(Systemd systemd) throws SystemdException;
  }

  /// True when systemd has done it.
  private CompletableFuture<Boolean> asked(Request request) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            request.to(systemd);
            return true;
          } catch (SystemdException e) {
            return false;
          }
        });
  }

  private UnitState heard() throws InterruptedException {
    UnitState state = told.poll(30, TimeUnit.SECONDS);
    return state == null ? new UnitState("nothing was told", "", "", "") : state;
  }
}
