package io.trivet.cluster.file;

import io.trivet.cluster.lease.LeaseTiming;
import java.util.Locale;

/// How soon a silent controller counts as gone: one word in the cluster file, a consistent set of
/// numbers here.
///
/// A lease is renewed several times within its length. A voter waits a margin longer than the
/// holder: it follows from the lease ([LeaseTiming]), nobody sets it. Consensus elects a new leader
/// one to two election timeouts after the old one fell silent, so its timeouts grow with the lease.
/// No lease waits for it, and a leader sends a heartbeat twice within the shortest of its timeouts,
/// each of them with work for several threads: longer timeouts cost no outage and save most of an
/// idle daemon's processor time.
public enum TimingProfile {
  /// For a quiet network of its own: a VIP moves about 0.3 s after its holder died.
  FAST(250, 60, 400, 800),
  /// The default: a VIP moves about 0.45 s after its holder died.
  STANDARD(400, 100, 500, 1000),
  /// For busy or virtual machines: a VIP moves about 1 s after its holder died.
  PATIENT(1000, 250, 1000, 2000);

  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final LeaseTiming lease;
  private final int electionMinMillis;
  private final int electionMaxMillis;

  TimingProfile(int leaseMillis, int renewMillis, int electionMinMillis, int electionMaxMillis) {
    this.lease = LeaseTiming.of(leaseMillis * NANOS_PER_MILLI, renewMillis * NANOS_PER_MILLI);
    this.electionMinMillis = electionMinMillis;
    this.electionMaxMillis = electionMaxMillis;
  }

  /// Lease, renewal and margin, consistent by construction.
  public LeaseTiming lease() {
    return lease;
  }

  /// How long a member is quiet after a start, in nanoseconds: as long as the longest promise under
  /// any profile. The run before may have granted leases under a longer timing than this one's, its
  /// own or another member's, and what it knew of that is forgotten.
  public static long quietNanos() {
    long longest = 0;
    for (TimingProfile profile : values()) {
      longest = Math.max(longest, profile.lease.promiseNanos());
    }
    return longest;
  }

  /// How long a holder may answer for a VIP, counted from the moment it asked.
  public int leaseMillis() {
    return (int) (lease.leaseNanos() / NANOS_PER_MILLI);
  }

  /// How often a lease is renewed and a sign of life is sent.
  public int renewMillis() {
    return (int) (lease.renewNanos() / NANOS_PER_MILLI);
  }

  /// The shortest election timeout of consensus.
  public int electionMinMillis() {
    return electionMinMillis;
  }

  /// The longest election timeout of consensus.
  public int electionMaxMillis() {
    return electionMaxMillis;
  }

  /// The word in the cluster file.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
