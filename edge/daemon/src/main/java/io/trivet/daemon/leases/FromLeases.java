package io.trivet.daemon.leases;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.state.Severity;

/// What the lease process tells the daemon of its controller. A daemon that connects is told all
/// that is true at that moment first: of each peer that was heard or missed, and of each VIP that
/// is held.
public sealed interface FromLeases {
  /// This member is gone: every lease of it has ended, and a majority misses it, or this member
  /// alone for two seconds.
  record PeerSilent(String peer) implements FromLeases {
    public PeerSilent {
      VipAssignment.checkName(peer);
    }
  }

  /// This member is in hearing.
  record PeerHeard(String peer) implements FromLeases {
    public PeerHeard {
      VipAssignment.checkName(peer);
    }
  }

  /// Which run of this member's daemon there is.
  record PeerBegan(String peer, long run) implements FromLeases {
    public PeerBegan {
      VipAssignment.checkName(peer);
    }
  }

  /// This member is in hearing, and its daemon is gone.
  record PeerLeft(String peer) implements FromLeases {
    public PeerLeft {
      VipAssignment.checkName(peer);
    }
  }

  /// This controller began or ceased to answer for a VIP.
  ///
  /// @param epoch of the assignment under which it holds
  record HoldChanged(String vip, boolean holding, long epoch) implements FromLeases {
    public HoldChanged {
      VipAssignment.checkName(vip);
    }
  }

  /// What the kernel says about a VIP on this controller.
  ///
  /// @param unfit why it cannot be served here; empty when it can
  /// @param stranger who answers for it without being a holder; empty when nobody does
  record VipCondition(String vip, String unfit, String stranger) implements FromLeases {
    public VipCondition {
      VipAssignment.checkName(vip);
    }
  }

  /// The role that was told last is played, or it cannot be and the one before goes on.
  ///
  /// @param number of the [ToLeases.Confirm] that asked
  /// @param why it cannot be played, a clause for people; empty when it is played
  record Taken(long number, String why) implements FromLeases {}

  /// Something for people: the daemon gives it the form of a notice.
  ///
  /// @param id kind of the notice, in kebab case
  /// @param subject the VIP or the thing that it is about
  record Said(String id, Severity severity, String subject, String text) implements FromLeases {
    public Said {
      VipAssignment.checkName(id);
      if (subject.isBlank() || text.isBlank()) {
        throw new IllegalArgumentException("a notice without a subject or a text");
      }
    }
  }
}
