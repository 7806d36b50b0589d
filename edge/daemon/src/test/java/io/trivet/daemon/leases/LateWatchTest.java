package io.trivet.daemon.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.process.CurrentThread;
import org.junit.jupiter.api.Test;

class LateWatchTest {
  private static final long MILLI = 1_000_000L;
  private static final long LEASE = 400 * MILLI;
  private static final Strain NONE = new Strain(0, 0, 0, 0, 0);

  private static String cause(Strain after) {
    return Strain.likely(NONE, after, 200 * MILLI);
  }

  @Test
  void theLikelyCauseIsNamed() {
    long much = 150 * MILLI;
    long little = 40 * MILLI;
    assertTrue(cause(new Strain(much, much, 3, much, much)).contains("host of this virtual"));
    assertEquals(
        "3 of its pages had to be read from disk", cause(new Strain(much, little, 3, much, much)));
    assertEquals(
        "it was ready and had no processor for 150 ms",
        cause(new Strain(much, little, 0, much, much)));
    assertTrue(cause(new Strain(little, 0, 0, much, much)).contains("memory"));
    assertTrue(cause(new Strain(little, 0, 0, little, much)).contains("storage"));
    assertTrue(cause(NONE).contains("a call of its own"));
  }

  private Strain machine = NONE;
  private final LateWatch watch = new LateWatch(LEASE, () -> machine, 0);

  @Test
  void onlyWhatIsLateIsSaidAndOnceAMinute() {
    assertNull(watch.look(100 * MILLI, 1));
    machine = new Strain(120 * MILLI, 0, 0, 0, 0);
    assertEquals(
        "woke up 130 ms late, of a lease of 400 ms; likely because it was ready and had no"
            + " processor for 120 ms",
        watch.look(130 * MILLI, 2));
    assertNull(watch.look(300 * MILLI, 3));
    assertNotNull(watch.look(300 * MILLI, LateWatch.SAY_EVERY_NANOS + 2));
  }

  /// What the machine did long before is no cause.
  @Test
  void theCountersThatAreComparedAreYoung() {
    machine = new Strain(900 * MILLI, 0, 0, 0, 0);
    assertNull(watch.look(0, LateWatch.COMPARE_NANOS));
    String said = watch.look(130 * MILLI, LateWatch.COMPARE_NANOS + 1);
    assertTrue(said != null && said.contains("a call of its own"), said);
  }

  @Test
  void theLongestOfTheLastMinuteIsKept() {
    watch.look(30 * MILLI, 1);
    watch.look(20 * MILLI, 2);
    assertEquals(30 * MILLI, watch.longestNanos());
    watch.look(0, LateWatch.SAY_EVERY_NANOS);
    watch.look(0, LateWatch.SAY_EVERY_NANOS + 1);
    assertEquals(30 * MILLI, watch.longestNanos());
    watch.look(0, 2 * LateWatch.SAY_EVERY_NANOS);
    assertEquals(0, watch.longestNanos());
  }

  @Test
  void theCountersOfThisThreadOnlyGrow() {
    Strain before = Strain.of(CurrentThread.id());
    Strain after = Strain.of(CurrentThread.id());
    assertTrue(after.waitedNanos() >= before.waitedNanos());
    assertTrue(after.faults() >= before.faults());
    assertTrue(after.stolenNanos() >= before.stolenNanos());
  }
}
