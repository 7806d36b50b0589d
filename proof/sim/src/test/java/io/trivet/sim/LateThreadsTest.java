package io.trivet.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.lease.LeaseTiming;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Controllers that are alive and late: nobody is said to be gone because a thread woke up late,
/// and who has lost its power is.
class LateThreadsTest {
  private static final int SEEDS = 40;

  /// How late a thread may be with the default timing. A sender that is later than what a promise
  /// leaves beside a renewal cannot be told from one that is gone.
  private static final long LATE_NANOS = 300 * Plan.MILLI;

  private static Plan late(long seed, LeaseTiming timing, int nodes, long most) {
    Plan calm = Plan.calm(seed, timing, 6 * Plan.SECOND);
    List<Fault> faults = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      faults.add(new Fault.Late(2 * Plan.SECOND, node, most, 4 * Plan.SECOND));
    }
    return calm.with(faults);
  }

  private static int falselyGone(LeaseTiming timing, int nodes, long most) {
    int gone = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Outcome outcome = World.run(late(seed, timing, nodes, most), false);
      assertNull(outcome.violation(), "seed " + seed);
      gone += outcome.falselyGone();
    }
    return gone;
  }

  @Test
  void nobodyIsGoneBecauseAThreadWokeUpLate() {
    assertEquals(0, falselyGone(LeaseTiming.STANDARD, 1, LATE_NANOS), "one of three is late");
    assertEquals(0, falselyGone(LeaseTiming.STANDARD, 3, LATE_NANOS), "all are late");
    assertEquals(0, falselyGone(LeaseTiming.PATIENT, 3, 2 * LATE_NANOS), "all are very late");
  }

  /// What the promise above is worth: later than that is seen, so these worlds can show it.
  @Test
  void aSenderThatIsLaterThanAPromiseIsTakenForGone() {
    assertTrue(falselyGone(LeaseTiming.STANDARD, 1, 2 * LATE_NANOS) > 0);
  }

  /// A promise after its last word, and the way of one message.
  @Test
  void whoHasLostItsPowerIsFoundWithinAPromiseAndARound() {
    for (LeaseTiming timing :
        List.of(LeaseTiming.FAST, LeaseTiming.STANDARD, LeaseTiming.PATIENT)) {
      long most = 0;
      for (long seed = 1; seed <= SEEDS; seed++) {
        Plan calm = Plan.calm(seed, timing, 8 * Plan.SECOND);
        long at = 4 * Plan.SECOND + seed * 7 * Plan.MILLI;
        Fault off = new Fault.PowerOff(at, (int) (seed % 3), 4 * Plan.SECOND);
        Outcome outcome = World.run(calm.with(List.of(off)), false);
        assertNull(outcome.violation());
        assertTrue(outcome.longestFindNanos() > 0, "not found, seed " + seed);
        most = Math.max(most, outcome.longestFindNanos());
      }
      long allowed = timing.promiseNanos() + timing.promiseNanos() / 50 + 25 * Plan.MILLI;
      assertTrue(most <= allowed, "found after " + most + " of at most " + allowed);
      System.out.println(
          "sim: power-off, lease "
              + timing.leaseNanos() / Plan.MILLI
              + " ms: found after "
              + most / Plan.MILLI
              + " ms at most");
    }
  }

  /// Those who look are busy themselves.
  @Test
  void whoHasLostItsPowerIsFoundByThoseWhoAreLate() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Plan plan = late(seed, LeaseTiming.STANDARD, 3, LATE_NANOS);
      List<Fault> faults = new ArrayList<>(plan.faults());
      faults.add(new Fault.PowerOff(3 * Plan.SECOND, (int) (seed % 3), 3 * Plan.SECOND));
      Outcome outcome = World.run(plan.with(faults), false);
      assertNull(outcome.violation());
      assertTrue(outcome.longestFindNanos() > 0, "not found, seed " + seed);
    }
  }
}
