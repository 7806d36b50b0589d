package io.trivet.linux.process;

import java.util.function.LongSupplier;

/// Notices that the machine was suspended, to memory or to disk: CLOCK_BOOTTIME counts that time
/// and CLOCK_MONOTONIC does not, and both are slewed alike, so their difference grows then and only
/// then.
///
/// A virtual machine that its host stopped without telling it is not noticed: no clock in it went
/// on. Not thread-safe.
public final class SuspendWatch {
  private static final int CLOCK_MONOTONIC = 1;

  private final LongSupplier monotonic;
  private final LongSupplier boot;
  private long mostAsleepNanos = Long.MAX_VALUE;
  private long suspensions;

  public SuspendWatch() {
    this(() -> Clocks.nanos(CLOCK_MONOTONIC, "CLOCK_MONOTONIC"), BootClock::nanos);
  }

  SuspendWatch(LongSupplier monotonic, LongSupplier boot) {
    this.monotonic = monotonic;
    this.boot = boot;
    suspensions();
  }

  /// How many suspensions were seen; several between two calls count as one.
  public long suspensions() {
    // The difference lies between what these readings say, however long each pause between them
    // was: one that is certainly more than an earlier one can have been has grown.
    long before = monotonic.getAsLong();
    long between = boot.getAsLong();
    long after = monotonic.getAsLong();
    if (between - after > mostAsleepNanos) {
      suspensions++;
      mostAsleepNanos = between - before;
    } else {
      mostAsleepNanos = Math.min(mostAsleepNanos, between - before);
    }
    return suspensions;
  }
}
