package io.trivet.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.lease.HoldCommit.Step;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HoldCommitTest {
  private static final long MILLI = 1_000_000L;
  private static final long LEASE = 400 * MILLI;
  private static final long RENEW = 100 * MILLI;
  private static final long[] PAUSES = {
    4 * MILLI, 6 * MILLI, 150 * MILLI, 390 * MILLI, 700 * MILLI
  };

  /// A kernel whose clock is as slow as adjtimex(2) can make it, and a little more.
  private static long slow(long timeout) {
    return timeout * 1000 / 895;
  }

  private static long kernel(long left) {
    return LeaseTiming.kernelNanos(left);
  }

  @Test
  void aSlowedKernelEndsEveryTimeoutWithTheLease() {
    for (long left = MILLI; left <= LeaseTiming.MAX_LEASE_NANOS; left += 977_777L) {
      assertTrue(slow(kernel(left)) <= left, left + " ns");
    }
  }

  @Test
  void setsOneKeyAfterTheOther() {
    HoldCommit commit = new HoldCommit(LEASE);
    assertEquals(new Step.SetKey(HoldCommit.Key.FIRST, kernel(LEASE)), commit.next(0));
    assertEquals(new Step.SetKey(HoldCommit.Key.SECOND, kernel(LEASE - MILLI)), commit.next(MILLI));
    assertInstanceOf(Step.Done.class, commit.next(2 * MILLI));
  }

  @Test
  void repeatsAKeyThatCameLate() {
    HoldCommit commit = new HoldCommit(LEASE);
    var _ = commit.next(0);
    assertEquals(
        new Step.SetKey(HoldCommit.Key.FIRST, kernel(LEASE - 6 * MILLI)), commit.next(6 * MILLI));
  }

  @Test
  void clearsBothWhenNothingIsLeftOrTheKernelRefuses() {
    HoldCommit late = new HoldCommit(LEASE);
    var _ = late.next(0);
    assertInstanceOf(Step.ClearKeys.class, late.next(LEASE));
    assertInstanceOf(Step.Failed.class, late.next(LEASE));
    HoldCommit refused = new HoldCommit(LEASE);
    var _ = refused.next(0);
    assertInstanceOf(Step.ClearKeys.class, refused.refused());
    assertInstanceOf(Step.Failed.class, refused.next(1));
  }

  /// Every combination of up to three pauses between the instructions of four renewals: the kernel
  /// never answers longer than the newest lease and the tolerance.
  @Test
  void noPausesStretchALease() {
    int slots = 4 * 8;
    long worlds = 0;
    long[] pauses = new long[slots];
    for (int a = 0; a < slots; a++) {
      for (int b = a; b < slots; b++) {
        for (int c = b; c < slots; c++) {
          for (long first : PAUSES) {
            for (long second : PAUSES) {
              long third = PAUSES[(int) (worlds++ % PAUSES.length)];
              Arrays.fill(pauses, 0);
              pauses[c] = third;
              pauses[b] = second;
              pauses[a] = first;
              new Renewals(pauses).run();
            }
          }
        }
      }
    }
    assertTrue(worlds > 100_000);
  }

  /// A thread that renews, and the kernel, in exact time.
  private static final class Renewals {
    private final long[] pauses;
    private int slot;
    private long now;
    private long lease = Long.MIN_VALUE;
    private long firstEnds;
    private long secondEnds;

    Renewals(long[] pauses) {
      this.pauses = pauses;
    }

    void run() {
      for (int round = 0; round < 4; round++) {
        long asked = now;
        maybePause();
        if (asked + LEASE > now) {
          lease = asked + LEASE;
          commit(lease);
        }
        now = Math.max(now, asked + RENEW);
      }
    }

    private void commit(long until) {
      HoldCommit commit = new HoldCommit(until);
      while (true) {
        Step step = commit.next(now);
        maybePause();
        switch (step) {
          case Step.SetKey(HoldCommit.Key key, long timeout) -> {
            if (key == HoldCommit.Key.FIRST) {
              firstEnds = now + slow(timeout);
            } else {
              secondEnds = now + slow(timeout);
            }
            check();
          }
          case Step.ClearKeys() -> {
            firstEnds = 0;
            secondEnds = 0;
          }
          case Step.Done(), Step.Failed() -> {
            return;
          }
        }
        maybePause();
      }
    }

    private void maybePause() {
      now += 50_000;
      if (slot < pauses.length) {
        now += pauses[slot++];
      }
    }

    private void check() {
      long answers = Math.min(firstEnds, secondEnds);
      assertTrue(
          answers <= now || answers <= lease + HoldCommit.TOLERANCE_NANOS,
          () ->
              "answers until "
                  + answers
                  + ", lease ends "
                  + lease
                  + ", pauses "
                  + Arrays.toString(pauses));
    }
  }
}
