package io.trivet.cluster.file;

import java.util.Locale;

/// How soon a silent controller counts as gone: one word in the cluster file, a consistent set of
/// numbers here.
///
/// A lease is renewed several times within its length. A voter waits a margin longer than the
/// holder, for clock rate (at least a hundredth of the lease) and the grain of kernel timers.
/// Consensus elects a new leader one to two election timeouts after the old one fell silent, so its
/// timeouts grow with the lease. No lease waits for it, and a leader sends a heartbeat twice within
/// the shortest of its timeouts, each of them with work for several threads: longer timeouts cost
/// no outage and save most of an idle daemon's processor time.
public enum TimingProfile {
  /// For a quiet network of its own: a VIP moves about 0.3 s after its holder died.
  FAST(250, 60, 20, 400, 800),
  /// The default: a VIP moves about 0.45 s after its holder died.
  STANDARD(400, 100, 20, 500, 1000),
  /// For busy or virtual machines: a VIP moves about 1 s after its holder died.
  PATIENT(1000, 250, 20, 1000, 2000);

  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final int leaseMillis;
  private final int renewMillis;
  private final int marginMillis;
  private final int electionMinMillis;
  private final int electionMaxMillis;

  TimingProfile(
      int leaseMillis,
      int renewMillis,
      int marginMillis,
      int electionMinMillis,
      int electionMaxMillis) {
    this.leaseMillis = leaseMillis;
    this.renewMillis = renewMillis;
    this.marginMillis = marginMillis;
    this.electionMinMillis = electionMinMillis;
    this.electionMaxMillis = electionMaxMillis;
  }

  /// How long a holder may answer for a VIP, counted from the moment it asked.
  public int leaseMillis() {
    return leaseMillis;
  }

  /// How often a lease is renewed and a sign of life is sent.
  public int renewMillis() {
    return renewMillis;
  }

  /// How much longer than the lease a voter keeps its promise.
  public int marginMillis() {
    return marginMillis;
  }

  /// The shortest election timeout of consensus.
  public int electionMinMillis() {
    return electionMinMillis;
  }

  /// The longest election timeout of consensus.
  public int electionMaxMillis() {
    return electionMaxMillis;
  }

  /// [#leaseMillis] in nanoseconds.
  public long leaseNanos() {
    return leaseMillis * NANOS_PER_MILLI;
  }

  /// [#renewMillis] in nanoseconds.
  public long renewNanos() {
    return renewMillis * NANOS_PER_MILLI;
  }

  /// [#marginMillis] in nanoseconds.
  public long marginNanos() {
    return marginMillis * NANOS_PER_MILLI;
  }

  /// The word in the cluster file.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
