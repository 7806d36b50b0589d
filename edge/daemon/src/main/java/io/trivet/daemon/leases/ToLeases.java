package io.trivet.daemon.leases;

import io.trivet.cluster.VipAssignment;
import java.util.List;

/// What the daemon tells the lease process of its controller.
public sealed interface ToLeases {
  /// What to be. The first message on every connection. Another timing and other VIPs than those
  /// that are played are taken on in place; other members by a new start, after all VIPs were
  /// handed over.
  record Play(LeaseRole role) implements ToLeases {}

  /// Say when the role that was told last is played, or why it is not: [FromLeases.Taken] with the
  /// same number. After a new start of either process it is asked again.
  record Confirm(long number) implements ToLeases {}

  /// "I am here, and I make progress": the second message on every connection, then once a second.
  ///
  /// @param run number of this run of the daemon, not 0
  record Attend(long run) implements ToLeases {
    public Attend {
      if (run == 0) {
        throw new IllegalArgumentException("a run of the daemon has a number other than 0");
      }
    }
  }

  /// Who should hold which VIP, from the log.
  ///
  /// @param tellOthers true to pass it on to the other members at once
  record Assign(List<VipAssignment> assignments, boolean tellOthers) implements ToLeases {
    public Assign {
      assignments = List.copyOf(assignments);
    }
  }

  /// Whether this controller can serve a VIP.
  record Serve(String vip, boolean eligible) implements ToLeases {
    public Serve {
      VipAssignment.checkName(vip);
    }
  }
}
