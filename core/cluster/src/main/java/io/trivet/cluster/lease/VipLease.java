package io.trivet.cluster.lease;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.Ballot.Promise;
import io.trivet.cluster.lease.Claim.Phase;
import java.util.List;
import java.util.Objects;
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

  /// Whether this controller guards it; without that it neither asks for it nor grants it.
  boolean guarded;

  /// Until then nothing is granted or asked: a voter may have promised it under another name, or
  /// before it forgot.
  long quietUntilNanos;

  VipLease(VipAssignment assignment, boolean guarded, long quietUntilNanos, long now) {
    this.assignment = assignment;
    this.guarded = guarded;
    this.quietUntilNanos = quietUntilNanos;
    ballot = new Ballot(Math.max(now, quietUntilNanos));
  }

  boolean quiet(long now) {
    return now < quietUntilNanos;
  }

  String name() {
    return assignment.vip();
  }

  /// Notes who was heard saying that it holds, and tells when that is another one than before. A
  /// member that holds by its own lease believes nobody else.
  ///
  /// @param seen null for nobody; then the epoch is 0
  void saw(String self, @Nullable String seen, long epoch, long now, List<LeaseEffect> effects) {
    if (claim.phase == Phase.HOLDING && !self.equals(seen)) {
      return;
    }
    holderSeenAtNanos = now;
    if (!Objects.equals(seen, holder) || epoch != holderEpoch) {
      holder = seen;
      holderEpoch = epoch;
      effects.add(new LeaseEffect.HolderSeen(name(), seen, epoch));
    }
  }

  /// Notes that the holder was not heard for as long as a promise lasts.
  void watchHolder(String self, long promiseNanos, long now, List<LeaseEffect> effects) {
    if (holder != null && !self.equals(holder) && now - holderSeenAtNanos >= promiseNanos) {
      saw(self, null, 0, now, effects);
    }
  }

  void describe(StringBuilder text, long now) {
    text.append("  ").append(name()).append(" epoch ").append(assignment.epoch());
    text.append(": holder ").append(assignment.holder()).append(", heirs ");
    text.append(assignment.heirs()).append("; held by ").append(holder);
    text.append("\n    as holder ").append(claim.phase);
    if (claim.phase == Phase.HOLDING) {
      text.append(", ").append((claim.untilNanos - now) / 1_000).append(" us left");
    }
    text.append(claim.eligible ? "" : ", not eligible").append(claim.fit ? "" : ", not fit");
    text.append(guarded ? "" : ", not guarded").append(now < quietUntilNanos ? ", quiet\n" : "\n");
    Promise promise = ballot.promise();
    if (promise != null) {
      text.append("    as voter promised to ").append(promise.to()).append(", ");
      text.append((promise.untilNanos() - now) / 1_000).append(" us left, waiting ");
      text.append(ballot.waiting().keySet()).append('\n');
    }
  }
}
