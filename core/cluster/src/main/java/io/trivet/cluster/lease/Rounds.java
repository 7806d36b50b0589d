package io.trivet.cluster.lease;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rounds in which a member asks: their numbers, how long leases were when each was asked, and
/// when the next one is due.
final class Rounds {
  /// When a round was asked, and how long leases were then.
  record Asked(long atNanos, long leaseNanos) {}

  private final TreeMap<Long, Asked> asked = new TreeMap<>();
  private LeaseTiming timing;
  private long seq;
  private long nextNanos;
  private long renewNanos;
  private long fastUntilNanos = Long.MIN_VALUE;

  Rounds(LeaseTiming timing, long now) {
    this.timing = timing;
    renewNanos = timing.renewNanos();
    nextNanos = now;
  }

  /// The number of the newest round.
  long seq() {
    return seq;
  }

  /// Time between two rounds now.
  long renewNanos() {
    return renewNanos;
  }

  /// When the next round is due.
  long nextNanos() {
    return nextNanos;
  }

  /// Null when it is too old to be worth anything.
  @Nullable Asked asked(long round) {
    return asked.get(round);
  }

  void begin(long now) {
    if (now >= fastUntilNanos) {
      renewNanos = timing.renewNanos();
    }
    nextNanos = now + renewNanos;
    seq++;
    asked.values().removeIf(round -> now - round.atNanos() >= round.leaseNanos());
    asked.put(seq, new Asked(now, timing.leaseNanos()));
  }

  /// Another timing. For a lease rounds go on as often as under the shorter one: the first that ask
  /// for longer leases may be lost, while a short one still runs.
  void retime(LeaseTiming changed, long now) {
    fastUntilNanos = now + Math.max(timing.leaseNanos(), changed.leaseNanos());
    renewNanos = Math.min(renewNanos, changed.renewNanos());
    timing = changed;
  }

  /// Of what was asked before nothing counts any more.
  void forget() {
    asked.clear();
  }
}
