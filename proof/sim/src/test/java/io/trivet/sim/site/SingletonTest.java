package io.trivet.sim.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A singleton that the network fences, in a site that is well but for one fault: it moves in time,
/// and never speaks twice.
class SingletonTest {
  private static final int SEEDS = Integer.getInteger("seeds", 3);

  /// A lease and its margin, an agreed decision, and the slowest start of the model (3 s).
  private static final long MOVED_NANOS = 5 * Site.SECOND;

  /// A site in which all runs.
  private static Site well(long seed) {
    Site site = new Site(seed, true);
    site.machines.forEach(m -> site.after(site.between(0, 2 * Site.SECOND), m::powerOn));
    long until = site.now() + 120 * Site.SECOND;
    String unwell = "not looked";
    while (unwell != null && site.now() < until && site.violation() == null) {
      site.run(site.now() + Site.SECOND);
      unwell = site.laws.unwell();
    }
    assertNull(unwell, () -> "seed " + seed + ": " + tail(site));
    return site;
  }

  private static @Nullable Machine speaker(Site site) {
    return site.machines.stream().filter(site.laws::speaks).findFirst().orElse(null);
  }

  private static String tail(Site site) {
    var lines = site.lines().stream().filter(line -> !line.contains("(leases)")).toList();
    return "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
  }

  /// Lets time pass until it speaks on another controller.
  private static Machine moved(Site site, Machine from, String where) {
    long until = site.now() + MOVED_NANOS;
    Machine now = null;
    while ((now == null || now == from) && site.now() < until && site.violation() == null) {
      site.run(site.now() + 10 * Site.MILLI);
      now = speaker(site);
    }
    assertNull(site.violation(), () -> where + tail(site));
    assertTrue(now != null && now != from, () -> where + ": not moved" + tail(site));
    return now;
  }

  @ParameterizedTest
  @EnumSource(
      value = Blow.Kind.class,
      names = {
        "POWER_OFF",
        "CUT_OFF",
        "LEASES_FROZEN",
        "ALL_FROZEN",
        "SUSPENDED",
        "STOPPED_BY_HOST"
      })
  void itMovesWhenItsControllerIsLost(Blow.Kind kind) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Site site = well(seed);
      Machine from = speaker(site);
      assertNotNull(from);
      String where = kind + ", seed " + seed;
      new Trouble(site).strike(new Blow(0, kind, from.index, 0, 20 * Site.SECOND));
      Machine to = moved(site, from, where);
      assertNotEquals(from.name, to.name);
      // It comes back, finds what it left behind, and stays silent.
      site.run(site.now() + 40 * Site.SECOND);
      assertNull(site.violation(), () -> where + tail(site));
      assertEquals(
          1, site.machines.stream().filter(site.laws::speaks).count(), () -> where + tail(site));
    }
  }

  @Test
  void aDaemonThatDiesAndComesBackLeavesItAlone() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Site site = well(seed);
      Machine from = speaker(site);
      assertNotNull(from);
      long group = from.singleton.group();
      from.killDaemon();
      long until = site.now() + 12 * Site.SECOND;
      while (site.now() < until) {
        site.run(site.now() + 10 * Site.MILLI);
        assertEquals(from, speaker(site), "seed " + seed + tail(site));
      }
      assertEquals(group, from.singleton.group(), "it is the same run");
    }
  }

  @Test
  void aPlannedMoveStopsItBeforeItsLeaseGoes() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Site site = well(seed);
      Machine from = speaker(site);
      assertNotNull(from);
      Machine to = site.machines.get((from.index + 1) % 3);
      site.log.submit(
          to,
          0,
          Proposal.of(site.millis(), "operator", new Command.Prefer(Singleton.RESOURCE, to.name)));
      long until = site.now() + 20 * Site.SECOND;
      boolean lostWhileRunning = false;
      while (speaker(site) != to && site.now() < until && site.violation() == null) {
        site.run(site.now() + Site.MILLI);
        lostWhileRunning |= from.singleton.condemned();
      }
      assertNull(site.violation(), "seed " + seed + tail(site));
      assertEquals(to, speaker(site), "seed " + seed + tail(site));
      assertTrue(!lostWhileRunning, "seed " + seed + ": it was ended by its lease" + tail(site));
    }
  }

  @Test
  void oneThatHangsWhenItLosesItsLeaseKeepsNobodyWaiting() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Site site = well(seed);
      Machine from = speaker(site);
      assertNotNull(from);
      from.singleton.hang(60 * Site.SECOND);
      from.killLeases();
      Machine to = moved(site, from, "seed " + seed);
      assertNotEquals(from.name, to.name);
      assertTrue(from.singleton.runs(), "it still hangs there, silent");
    }
  }
}
