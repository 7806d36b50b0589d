package io.trivet.services.controller;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Proposal;
import io.trivet.services.agent.AgentEffect;
import java.util.List;

/// What a [ControllerMachine] wants done, in this order.
public sealed interface ControllerEffect {
  /// Put an entry into the log: here when this member leads, else by the leader. Answered by
  /// [ControllerEvent.SubmitEnded] with the same token; token 0 asks for no answer.
  record Submit(long token, Proposal proposal) implements ControllerEffect {}

  /// Carry out what one step of the agent of this resource asks for, in this order; after a file
  /// that could not be written, nothing more of it.
  record Perform(String resource, List<AgentEffect> effects) implements ControllerEffect {
    public Perform {
      effects = List.copyOf(effects);
    }
  }

  /// Tell the leases of this controller who should hold which VIP.
  ///
  /// @param tellOthers true on the leader: tell the other members at once, ahead of the log's next
  ///   heartbeat
  record Assign(List<VipAssignment> assignments, boolean tellOthers) implements ControllerEffect {
    public Assign {
      assignments = List.copyOf(assignments);
    }
  }

  /// Whether this controller can serve a VIP.
  record SetEligible(String vip, boolean eligible) implements ControllerEffect {}

  /// The cluster file in force here is another one now: adapt VIPs and namespaces. Answered by
  /// [ControllerEvent.ClusterFileTaken] with the same number.
  record UseClusterFile(ClusterFile file, long use) implements ControllerEffect {}

  /// The daemon has run for a while with this cluster file and it works: keep its text for the next
  /// start.
  record KeepClusterFile(String text) implements ControllerEffect {}

  /// Write a notice to the log of this controller.
  record Print(Notice notice) implements ControllerEffect {}

  /// Move the leadership to another member.
  record MoveLeadership(String to, String reason) implements ControllerEffect {}

  /// Watch these systemd units and tell the state of each at once.
  record WatchUnits(List<String> units) implements ControllerEffect {
    public WatchUnits {
      units = List.copyOf(units);
    }
  }
}
