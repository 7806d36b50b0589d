package io.trivet.cluster.lease;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// One member's own wish for one VIP: what it asked, who granted, until when it holds. States: see
/// [LeaseMachine].
final class Claim {
  enum Phase {
    IDLE,
    BIDDING,
    HOLDING,
    DARKENING
  }

  Phase phase = Phase.IDLE;
  boolean eligible;

  /// Whether the links that carry the VIP are as they must be.
  boolean fit = true;

  /// Rounds before this one do not count: their promises were given back.
  long firstSeq;

  /// The first round that was asked as holder.
  long heldSeq;

  long biddingSinceNanos;
  long untilNanos;
  long darkenNumber;

  /// When the order to darken is given again, if it was not confirmed.
  long darkenAgainNanos;

  /// No bid before this time; grows with failed bids.
  long notBeforeNanos;

  int failures;
  long announceAtNanos = Long.MAX_VALUE;
  private final TreeMap<String, Grant> grants = new TreeMap<>();

  /// What a voter granted: for the round that was asked at a time, as long as leases were then.
  private record Grant(long askedAt, long untilNanos) {
    Grant or(Grant other) {
      return new Grant(Math.max(askedAt, other.askedAt), Math.max(untilNanos, other.untilNanos));
    }
  }

  /// Whether this controller can serve the VIP.
  boolean able() {
    return eligible && fit;
  }

  boolean asking() {
    return phase == Phase.BIDDING || phase == Phase.HOLDING;
  }

  void bid(long firstSeq, long now) {
    phase = Phase.BIDDING;
    this.firstSeq = firstSeq;
    biddingSinceNanos = now;
    untilNanos = Long.MIN_VALUE;
    announceAtNanos = Long.MAX_VALUE;
    grants.clear();
  }

  /// @param leaseNanos how long leases were when it was asked: the voter promised no more
  void granted(String voter, long askedAt, long leaseNanos) {
    grants.merge(voter, new Grant(askedAt, askedAt + leaseNanos), Grant::or);
  }

  /// True when a refusal of this round proves that time was lost here: a machine stood still, and
  /// no clock in it saw that. Either a voter refuses while it is bound by a grant to us, by our
  /// clock; or another member, asked by us as the holder, answers that it is the holder.
  boolean contradictedBy(
      String voter, String holder, boolean holding, long seq, long askedAt, long now) {
    Grant granted = grants.get(voter);
    boolean bound = granted != null && granted.untilNanos() > now && askedAt > granted.askedAt();
    return phase == Phase.HOLDING && (bound || (holding && voter.equals(holder) && seq >= heldSeq));
  }

  /// Until when a majority keeps what it granted, on this member's clock. `Long.MIN_VALUE` without
  /// a majority.
  long agreedUntil(int majority) {
    if (grants.size() < majority) {
      return Long.MIN_VALUE;
    }
    List<Long> times = new ArrayList<>(grants.values().stream().map(Grant::untilNanos).toList());
    times.sort(Comparator.reverseOrder());
    return times.get(majority - 1);
  }
}
