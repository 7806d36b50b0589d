package io.trivet.cluster.lease;

import io.trivet.cluster.lease.Ballot.Promise;
import io.trivet.cluster.lease.Claim.Phase;
import io.trivet.cluster.lease.LeaseEffect.Darken;
import io.trivet.cluster.lease.LeaseEffect.Hold;
import java.util.List;

/// What must hold for each VIP after each step of a [LeaseMachine], in production as in the
/// simulator. A defect here must not decide who answers: whoever runs the machine ends the process,
/// and leases end by themselves.
final class LeaseInvariants {
  private LeaseInvariants() {}

  /// @throws IllegalStateException when a rule is broken: it says which
  static void check(
      VipLease vip,
      List<LeaseEffect> effects,
      boolean quiet,
      boolean wanted,
      Peers peers,
      LeaseTiming timing,
      long seq,
      long now) {
    Claim claim = vip.claim;
    boolean holding = claim.phase == Phase.HOLDING;
    that(
        !holding || claim.untilNanos == claim.agreedUntil(peers.majority()),
        "a lease is a lease from when a majority was asked that granted",
        vip,
        now);
    that(!holding || claim.untilNanos > now, "a lease that ended is not held", vip, now);
    that(!claim.asking() || wanted, "only what is wanted is asked for", vip, now);
    that(!claim.asking() || !quiet, "who may have forgotten a promise asks for nothing", vip, now);
    that(
        !claim.asking() || claim.firstSeq > vip.releaseThroughSeq || vip.releaseUntilNanos <= now,
        "a round that was given back does not count",
        vip,
        now);
    that(vip.releaseThroughSeq <= seq, "only rounds that were are given back", vip, now);
    Promise promise = vip.ballot.promise();
    that(
        promise == null
            || promise.untilNanos() <= now + timing.promiseNanos(LeaseTiming.MAX_LEASE_NANOS),
        "no promise is longer than for the longest lease",
        vip,
        now);
    that(!leavesHoldAfterDark(vip, effects, holding), "what is let go is not held", vip, now);
  }

  /// True when the last word to the kernel in this step is `Hold` though the VIP is not held.
  private static boolean leavesHoldAfterDark(
      VipLease vip, List<LeaseEffect> effects, boolean holding) {
    boolean lastIsHold = false;
    for (LeaseEffect effect : effects) {
      if (effect instanceof Hold hold && hold.vip().equals(vip.name())) {
        lastIsHold = true;
      } else if (effect instanceof Darken darken && darken.vip().equals(vip.name())) {
        lastIsHold = false;
      }
    }
    return lastIsHold && !holding;
  }

  private static void that(boolean holds, String rule, VipLease vip, long now) {
    if (!holds) {
      StringBuilder text = new StringBuilder("broken: ").append(rule).append('\n');
      vip.describe(text, now);
      throw new IllegalStateException(text.toString());
    }
  }
}
