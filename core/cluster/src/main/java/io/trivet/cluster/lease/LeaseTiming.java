package io.trivet.cluster.lease;

/// How long a lease is and how often it is renewed, in nanoseconds of any monotonic clock.
///
/// @param leaseNanos how long a holder may answer, counted from the moment it asked; at most
///   [#MAX_LEASE_NANOS]
/// @param renewNanos time between two pulses; at most a third of the lease, so that one lost pulse
///   costs nothing
/// @param marginNanos how much longer than the lease a voter keeps its promise. It pays for clocks
///   of different rate (one percent of the lease), for [HoldCommit#TOLERANCE_NANOS] and for the
///   grain of the kernel's timers
public record LeaseTiming(long leaseNanos, long renewNanos, long marginNanos) {
  private static final long MILLI = 1_000_000L;

  /// The longest lease that a voter accepts.
  public static final long MAX_LEASE_NANOS = 10_000 * MILLI;

  /// The kernel's timers may be this late: a tick at 100 Hz.
  public static final long KERNEL_GRAIN_NANOS = 10 * MILLI;

  /// For a quiet network and controllers with a core to spare.
  public static final LeaseTiming FAST = of(250 * MILLI, 60 * MILLI);

  /// The default.
  public static final LeaseTiming STANDARD = of(400 * MILLI, 100 * MILLI);

  /// For controllers that are often overloaded.
  public static final LeaseTiming PATIENT = of(1_000 * MILLI, 250 * MILLI);

  public LeaseTiming {
    if (leaseNanos <= 0 || leaseNanos > MAX_LEASE_NANOS) {
      throw new IllegalArgumentException(
          "lease of " + leaseNanos + " ns: allowed are 1 to " + MAX_LEASE_NANOS);
    }
    if (renewNanos <= 0 || renewNanos > leaseNanos / 3) {
      throw new IllegalArgumentException(
          "renewal every " + renewNanos + " ns: allowed are 1 to a third of the lease");
    }
    if (marginNanos < leastMarginNanos(leaseNanos)) {
      throw new IllegalArgumentException(
          "margin of "
              + marginNanos
              + " ns: at least "
              + leastMarginNanos(leaseNanos)
              + " is needed for this lease");
    }
  }

  /// A timing with the least safe margin.
  public static LeaseTiming of(long leaseNanos, long renewNanos) {
    return new LeaseTiming(leaseNanos, renewNanos, leastMarginNanos(leaseNanos));
  }

  /// How long a voter keeps a promise for a lease of this length, and how long a restarted member
  /// stays quiet.
  public long promiseNanos() {
    return leaseNanos + marginNanos;
  }

  /// How long a promise for an ask with somebody else's lease length is kept: never shorter than
  /// for one's own.
  long promiseNanos(long askedLeaseNanos) {
    return Math.max(promiseNanos(), askedLeaseNanos + leastMarginNanos(askedLeaseNanos));
  }

  private static long leastMarginNanos(long leaseNanos) {
    return leaseNanos / 100 + HoldCommit.TOLERANCE_NANOS + KERNEL_GRAIN_NANOS;
  }
}
