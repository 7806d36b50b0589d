package io.trivet.cluster.lease;

/// How long a lease is and how often it is renewed, in nanoseconds of a clock that nobody slews
/// (CLOCK_MONOTONIC_RAW on Linux). The rule of all times of a lease stands here alone.
///
/// Three clocks run at rates of their own, and each difference is paid for in one place:
///
/// | clock | counts | may differ by | paid by |
/// |---|---|---|---|
/// | holder's and voter's, not slewed | the lease, the promise | one percent of each other; real oscillators differ by 0.02 | the margin |
/// | the kernel's, slewed by time synchronisation | the timeout of a set's element | eleven percent of the holder's | [#kernelNanos]: the timeout is that much shorter than what is left of the lease |
/// | the wall clock | nothing | anything | |
///
/// Eleven percent is more than can be set: adjtimex(2) takes ticks of 9,000 to 11,000 microseconds
/// and 500 ppm of frequency beside; chrony slews by 8.3 percent unless told otherwise.
///
/// @param leaseNanos how long a holder may answer, counted from the moment it asked; at most
///   [#MAX_LEASE_NANOS]
/// @param renewNanos time between two pulses; at most a third of the shortest time that the kernel
///   holds a lease, so that a lost pulse costs nothing, whatever is done to its clock
/// @param marginNanos how much longer than the lease a voter keeps its promise. It pays for clocks
///   of different rate (one percent of the lease), for [HoldCommit#TOLERANCE_NANOS] and for the
///   grain of the kernel's timers
public record LeaseTiming(long leaseNanos, long renewNanos, long marginNanos) {
  private static final long MILLI = 1_000_000L;

  /// The longest lease that a voter accepts.
  public static final long MAX_LEASE_NANOS = 10_000 * MILLI;

  /// The kernel's timers may be this late: a tick at 100 Hz.
  public static final long KERNEL_GRAIN_NANOS = 10 * MILLI;

  /// By how many percent the kernel's clock may be slewed against one that is not.
  public static final int SLEW_PERCENT = 11;

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
    long most = leastInKernelNanos(leaseNanos) / 3;
    if (renewNanos <= 0 || renewNanos > most) {
      throw new IllegalArgumentException(
          "renewal every " + renewNanos + " ns: for this lease 1 to " + most + " are allowed");
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

  /// The timeout to give to the kernel when so much is left of a lease: short enough that the
  /// kernel's clock, however much slower it is made to run, ends it by then.
  static long kernelNanos(long leftNanos) {
    return leftNanos - leftNanos / 100 * SLEW_PERCENT;
  }

  /// How long the kernel holds a lease at least: when its clock is made to run as fast as can be,
  /// and rounds down.
  private static long leastInKernelNanos(long leaseNanos) {
    return kernelNanos(leaseNanos) * 100 / (100 + SLEW_PERCENT) - KERNEL_GRAIN_NANOS;
  }

  private static long leastMarginNanos(long leaseNanos) {
    return leaseNanos / 100 + HoldCommit.TOLERANCE_NANOS + KERNEL_GRAIN_NANOS;
  }
}
