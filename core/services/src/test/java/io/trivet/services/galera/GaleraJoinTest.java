package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.services.galera.GaleraProbe.Sample;
import org.junit.jupiter.api.Test;

/// A join that makes progress is never ended, one that makes none is.
class GaleraJoinTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long HOUR = 3_600 * SECOND;

  @Test
  void withoutProgressItIsStuckAfterAMinute() {
    GaleraJoin join = GaleraJoin.NONE.joining(0);
    for (long now = SECOND; now <= 60 * SECOND; now += SECOND) {
      // Two hundredths of a processor: keepalives, and writes that only wait in its queue.
      join = join.joining(now).sampled(joining(10, 5), now).cpu(now / 50, now);
      assertFalse(join.stuck(now), "after " + now / SECOND + " s");
    }
    assertTrue(join.stuck(61 * SECOND));
    assertTrue(join.dueAtNanos() <= 61 * SECOND);
  }

  @Test
  void writesAreProgress() {
    GaleraJoin join = GaleraJoin.NONE.joining(0).cpu(0, 0);
    for (long now = SECOND; now <= HOUR; now += 20 * SECOND) {
      join = join.sampled(joining(now / SECOND, 5), now).cpu(0, now);
      assertFalse(join.stuck(now));
      join = join.sampled(joining(now / SECOND, now / SECOND), now + 10 * SECOND);
      assertFalse(join.stuck(now + 10 * SECOND));
    }
  }

  /// A copy of files answers no questions.
  @Test
  void processorTimeIsProgress() {
    GaleraJoin join = GaleraJoin.NONE.joining(0).cpu(0, 0);
    for (long now = 5 * SECOND; now <= HOUR; now += 5 * SECOND) {
      join = join.looking(now).cpu(now / 40, now);
      assertFalse(join.stuck(now));
    }
    long last = HOUR;
    for (long now = last + 5 * SECOND; now <= last + 65 * SECOND; now += 5 * SECOND) {
      join = join.looking(now).cpu(last / 40, now);
    }
    assertTrue(join.stuck(last + 65 * SECOND));
  }

  @Test
  void whereProcessorTimeIsNotCountedNothingIsEnded() {
    GaleraJoin join = GaleraJoin.NONE.joining(0);
    for (long now = 5 * SECOND; now <= HOUR; now += 5 * SECOND) {
      join = join.cpu(-1, now);
      assertFalse(join.stuck(now));
    }
  }

  @Test
  void aDonorThatPreparesHoldsItUp() {
    GaleraJoin join = GaleraJoin.NONE.joining(0).held(HOUR);
    assertFalse(join.stuck(HOUR + 59 * SECOND));
    assertTrue(join.stuck(HOUR + 60 * SECOND));
  }

  @Test
  void pausesGrow() {
    GaleraJoin join = GaleraJoin.NONE;
    long before = 0;
    for (int i = 0; i < 4; i++) {
      join = join.joining(0);
      assertTrue(join.patienceNanos() > before);
      before = join.patienceNanos();
      join = join.ended();
      assertEquals(Long.MAX_VALUE, join.dueAtNanos());
      join = join.down();
    }
    for (int i = 0; i < 40; i++) {
      join = join.ended();
    }
    assertEquals(GaleraJoin.LONGEST_PATIENCE_NANOS, join.patienceNanos());
  }

  private static Sample joining(long applied, long received) {
    return new Sample("Joining", true, 3, "", "", false, applied, received);
  }
}
