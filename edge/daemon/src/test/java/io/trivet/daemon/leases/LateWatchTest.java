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

  @Test
  void onlyWhatIsLateIsSaidAndOnceAMinute() {
    LateWatch watch = new LateWatch(LEASE, NONE, 0);
    assertNull(watch.look(100 * MILLI, NONE, 1));
    String said = watch.look(130 * MILLI, new Strain(120 * MILLI, 0, 0, 0, 0), 2);
    assertEquals(
        "woke up 130 ms late, of a lease of 400 ms; likely because it was ready and had no"
            + " processor for 120 ms",
        said);
    assertNull(watch.look(300 * MILLI, NONE, 3));
    assertNotNull(watch.look(300 * MILLI, NONE, LateWatch.SAY_EVERY_NANOS + 2));
  }

  @Test
  void theLongestOfTheLastMinuteIsKept() {
    LateWatch watch = new LateWatch(LEASE, NONE, 0);
    watch.look(30 * MILLI, NONE, 1);
    watch.look(20 * MILLI, NONE, 2);
    assertEquals(30 * MILLI, watch.longestNanos());
    watch.look(0, NONE, LateWatch.SAY_EVERY_NANOS);
    watch.look(0, NONE, LateWatch.SAY_EVERY_NANOS + 1);
    assertEquals(30 * MILLI, watch.longestNanos());
    watch.look(0, NONE, 2 * LateWatch.SAY_EVERY_NANOS);
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
