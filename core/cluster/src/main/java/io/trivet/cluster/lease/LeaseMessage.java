package io.trivet.cluster.lease;

import io.trivet.cluster.VipAssignment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What members say to each other about leases. Any of these may be lost, late, doubled or
/// overtaken by a later one.
public sealed interface LeaseMessage {
  /// The member that says it.
  String from();

  /// In place of the run of a daemon: there is none.
  long NO_DAEMON = 0;

  /// In place of the run of a daemon: not known yet.
  long UNKNOWN_DAEMON = -1;

  /// The most leases in one message, of VIPs and of units that the network fences.
  int MAX_VIPS = 256;

  /// "I am here, and I ask for these VIPs." Sent to each other member every `renewNanos`, and at
  /// once when something changed.
  ///
  /// @param from the sender
  /// @param incarnation differs between two lives of the sender's leases
  /// @param daemon the run of the daemon that the leases of the sender serve; [#NO_DAEMON] when
  ///   there has been none for too long: the controller is alive, and nobody looks after its
  ///   services; [#UNKNOWN_DAEMON] by leases that began a moment ago
  /// @param seq number of this round of the sender, rising by one
  /// @param leaseNanos how long the sender counts its leases
  /// @param asks VIPs that it wants to hold or to go on holding
  /// @param releases VIPs that it no longer answers for
  record Pulse(
      String from,
      long incarnation,
      long daemon,
      long seq,
      long leaseNanos,
      List<Ask> asks,
      List<Release> releases)
      implements LeaseMessage {
    public Pulse {
      VipAssignment.checkName(from);
      if (seq < 0 || leaseNanos <= 0 || leaseNanos > LeaseTiming.MAX_LEASE_NANOS) {
        throw new IllegalArgumentException("seq " + seq + ", lease " + leaseNanos + " ns");
      }
      asks = List.copyOf(asks);
      releases = List.copyOf(releases);
    }
  }

  /// The answer to a pulse with asks; a second one follows when a refused ask can be granted after
  /// all.
  ///
  /// @param from the voter
  /// @param incarnation of the pulse that is answered
  /// @param seq of the pulse that is answered
  record PulseAck(String from, long incarnation, long seq, List<Answer> answers)
      implements LeaseMessage {
    public PulseAck {
      VipAssignment.checkName(from);
      if (seq < 0) {
        throw new IllegalArgumentException("seq " + seq);
      }
      answers = List.copyOf(answers);
    }
  }

  /// Committed assignments, told by the leader right after the commit, so that nobody waits for the
  /// log's next heartbeat.
  record Assignments(String from, List<VipAssignment> assignments) implements LeaseMessage {
    public Assignments {
      VipAssignment.checkName(from);
      assignments = List.copyOf(assignments);
    }
  }

  /// Whom the sender has not heard for as long as a promise lasts, though it listened: sent ahead
  /// of the pulse of the same round, as long as it misses anybody. Leases do not depend on it, and
  /// a member of an earlier version, which does not know it, goes by its own ears alone.
  ///
  /// @param incarnation of the sender's pulses
  /// @param seq of the round
  /// @param names of other members
  record Missing(String from, long incarnation, long seq, List<String> names)
      implements LeaseMessage {
    public Missing {
      VipAssignment.checkName(from);
      names = List.copyOf(names);
      names.forEach(VipAssignment::checkName);
      if (seq < 0 || names.isEmpty() || names.size() > MAX_VIPS) {
        throw new IllegalArgumentException("seq " + seq + ", missing " + names.size());
      }
    }
  }

  /// A wish to hold a VIP for a lease.
  ///
  /// @param assignment what the asker knows of the VIP; it teaches a voter that knows less
  /// @param holding true when the asker holds the VIP already
  record Ask(VipAssignment assignment, boolean holding) {}

  /// A VIP that the sender's kernel is known not to answer for; promises for its rounds up to
  /// `throughSeq` are void.
  record Release(VipAssignment assignment, long throughSeq) {
    public Release {
      if (throughSeq < 0) {
        throw new IllegalArgumentException("throughSeq " + throughSeq);
      }
    }
  }

  /// Why an ask was granted or not.
  enum Verdict {
    /// Promised to nobody else for the length of the lease and a margin.
    GRANTED,
    /// The voter started a moment ago and may have forgotten a promise, or guards the VIP since a
    /// moment ago.
    QUIET,
    /// The asker is neither holder nor heir, or the voter does not guard the VIP.
    NOT_NAMED,
    /// A newer assignment names another holder.
    OLD_EPOCH,
    /// Promised to somebody else.
    PROMISED
  }

  /// A voter's word on one ask.
  ///
  /// @param promisedTo whom it is promised to, when `PROMISED`
  /// @param holding whether that one said that it holds
  /// @param retryAfterNanos how long the refusal stands if nothing changes
  /// @param newer the voter's assignment, when newer than the asker's
  record Answer(
      String vip,
      Verdict verdict,
      @Nullable String promisedTo,
      boolean holding,
      long retryAfterNanos,
      @Nullable VipAssignment newer) {
    public Answer {
      VipAssignment.checkName(vip);
      if (promisedTo != null) {
        VipAssignment.checkName(promisedTo);
      }
      if ((verdict == Verdict.PROMISED) != (promisedTo != null)) {
        throw new IllegalArgumentException("promisedTo goes with PROMISED");
      }
      if (retryAfterNanos < 0) {
        throw new IllegalArgumentException("retryAfter " + retryAfterNanos);
      }
    }
  }
}
