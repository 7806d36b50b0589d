package io.trivet.daemon.leases;

import org.jspecify.annotations.Nullable;

/// Notices when the lease thread wakes up so late that a lease could have been lost, and says why
/// it was likely so: once a minute at most. Belongs to one thread.
final class LateWatch {
  static final long SAY_EVERY_NANOS = 60_000_000_000L;

  /// Later than this part of a lease is worth a word.
  private static final int PARTS = 4;

  private final long leaseNanos;
  private Strain before;
  private long longestNanos;
  private long longestBeforeNanos;
  private long minuteSinceNanos;
  private long saidNanos;

  /// @param leaseNanos length of a lease
  /// @param now what the machine has kept the thread from so far
  LateWatch(long leaseNanos, Strain now, long nowNanos) {
    this.leaseNanos = leaseNanos;
    before = now;
    minuteSinceNanos = nowNanos;
    saidNanos = nowNanos - SAY_EVERY_NANOS;
  }

  /// @param lateNanos by how much the thread was late at most since the last look
  /// @return a sentence about it, without its subject; null when nothing is to be said
  @Nullable String look(long lateNanos, Strain now, long nowNanos) {
    String cause = Strain.likely(before, now, lateNanos);
    before = now;
    longestNanos = Math.max(longestNanos, lateNanos);
    if (nowNanos - minuteSinceNanos >= SAY_EVERY_NANOS) {
      minuteSinceNanos = nowNanos;
      longestBeforeNanos = longestNanos;
      longestNanos = 0;
    }
    if (lateNanos <= leaseNanos / PARTS || nowNanos - saidNanos < SAY_EVERY_NANOS) {
      return null;
    }
    saidNanos = nowNanos;
    return "woke up "
        + lateNanos / 1_000_000
        + " ms late, of a lease of "
        + leaseNanos / 1_000_000
        + " ms; likely because "
        + cause;
  }

  /// By how much it was late at most in the last whole minute or since.
  long longestNanos() {
    return Math.max(longestNanos, longestBeforeNanos);
  }
}
