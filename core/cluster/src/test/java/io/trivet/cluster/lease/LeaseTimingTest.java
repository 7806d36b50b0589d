package io.trivet.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.file.TimingProfile;
import org.junit.jupiter.api.Test;

class LeaseTimingTest {
  private static final long MILLI = 1_000_000L;

  @Test
  void everyProfileOfTheClusterFileIsATiming() {
    for (TimingProfile profile : TimingProfile.values()) {
      LeaseTiming timing = profile.lease();
      assertEquals(LeaseTiming.of(timing.leaseNanos(), timing.renewNanos()), timing);
      assertEquals(timing.leaseNanos(), profile.leaseMillis() * MILLI);
      assertEquals(timing.renewNanos(), profile.renewMillis() * MILLI);
    }
    assertTrue(TimingProfile.FAST.lease().promiseNanos() <= 270 * MILLI, "what was promised");
  }

  /// The kernel's clock as fast as adjtimex(2) can make it, and a tick lost: two renewals may be
  /// lost before the VIP is dark.
  @Test
  void aHastenedKernelHoldsForThreeRenewals() {
    for (TimingProfile profile : TimingProfile.values()) {
      LeaseTiming timing = profile.lease();
      long holds = LeaseTiming.kernelNanos(timing.leaseNanos()) * 1_000 / 1_105 - 10 * MILLI;
      assertTrue(holds >= 3 * timing.renewNanos(), profile + " holds for " + holds);
    }
  }

  @Test
  void aTimingThatTheKernelCannotKeepIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> LeaseTiming.of(100 * MILLI, 33 * MILLI));
  }
}
