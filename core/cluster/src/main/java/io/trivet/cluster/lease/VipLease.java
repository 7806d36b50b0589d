package io.trivet.cluster.lease;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.Ballot.Promise;
import io.trivet.cluster.lease.Claim.Phase;
import org.jspecify.annotations.Nullable;

/// All that one member knows of one VIP.
final class VipLease {
  VipAssignment assignment;
  final Ballot ballot;
  final Claim claim = new Claim();

  /// Who was heard saying that it holds, and when.
  @Nullable String holder;

  long holderEpoch;

  long holderSeenAtNanos;

  /// The release that is repeated in each pulse until the promises that it voids have ended anyway.
  long releaseThroughSeq;

  long releaseUntilNanos = Long.MIN_VALUE;

  VipLease(VipAssignment assignment, long freeSince) {
    this.assignment = assignment;
    ballot = new Ballot(freeSince);
  }

  String name() {
    return assignment.vip();
  }

  void describe(StringBuilder text, long now) {
    text.append("  ").append(name()).append(" epoch ").append(assignment.epoch());
    text.append(": holder ").append(assignment.holder()).append(", heirs ");
    text.append(assignment.heirs()).append("; held by ").append(holder);
    text.append("\n    as holder ").append(claim.phase);
    if (claim.phase == Phase.HOLDING) {
      text.append(", ").append((claim.untilNanos - now) / 1_000).append(" us left");
    }
    text.append(claim.eligible ? "" : ", not eligible").append(claim.fit ? "\n" : ", not fit\n");
    Promise promise = ballot.promise();
    if (promise != null) {
      text.append("    as voter promised to ").append(promise.to()).append(", ");
      text.append((promise.untilNanos() - now) / 1_000).append(" us left, waiting ");
      text.append(ballot.waiting().keySet()).append('\n');
    }
  }
}
