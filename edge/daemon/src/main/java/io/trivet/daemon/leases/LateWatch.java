package io.trivet.daemon.leases;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Notices when the lease thread wakes up late by more than a quarter of a lease, and says why it
/// was likely so: once a minute at most. Belongs to one thread.
final class LateWatch {
  static final long SAY_EVERY_NANOS = 60_000_000_000L;

  /// Later than this part of a lease is worth a word.
  private static final int PARTS = 4;

  /// How old the counters may be that a late wake-up is compared with: reading them is not free.
  static final long COMPARE_NANOS = 5_000_000_000L;

  private final long leaseNanos;
  private final Supplier<Strain> machine;
  private Strain before;
  private long beforeNanos;
  private long longestNanos;
  private long longestBeforeNanos;
  private long minuteSinceNanos;
  private long saidNanos;

  /// @param leaseNanos length of a lease
  /// @param machine says what it has kept the thread from so far
  LateWatch(long leaseNanos, Supplier<Strain> machine, long nowNanos) {
    this.leaseNanos = leaseNanos;
    this.machine = machine;
    before = machine.get();
    beforeNanos = nowNanos;
    minuteSinceNanos = nowNanos;
    saidNanos = nowNanos - SAY_EVERY_NANOS;
  }

  /// @param lateNanos by how much the thread was late at most since the last look
  /// @return a sentence about it, without its subject; null when nothing is to be said
  @Nullable String look(long lateNanos, long nowNanos) {
    boolean say = lateNanos > leaseNanos / PARTS && nowNanos - saidNanos >= SAY_EVERY_NANOS;
    String cause = "";
    if (say || nowNanos - beforeNanos >= COMPARE_NANOS) {
      Strain now = machine.get();
      cause = Strain.likely(before, now, lateNanos);
      before = now;
      beforeNanos = nowNanos;
    }
    longestNanos = Math.max(longestNanos, lateNanos);
    if (nowNanos - minuteSinceNanos >= SAY_EVERY_NANOS) {
      minuteSinceNanos = nowNanos;
      longestBeforeNanos = longestNanos;
      longestNanos = 0;
    }
    if (!say) {
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
