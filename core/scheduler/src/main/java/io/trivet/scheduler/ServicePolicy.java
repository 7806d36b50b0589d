package io.trivet.scheduler;

import io.trivet.cluster.state.Command;
import java.util.List;

/// What a service decides for all of its members, on the leader. Implemented in `core/services`,
/// one for each kind of service; pure. The planner asks it only about what order, standby, presence
/// and quorum already allow.
///
/// A policy never starts anything itself: what it returns becomes a target or an attribute by way
/// of the log.
public interface ServicePolicy {
  /// Whether the resource may be started on `node` now. Asked for each member that is down and
  /// wanted up, in the order of the cluster file, also again after a failure (the planner spaces
  /// the tries).
  StartDecision mayStart(PolicyView view, String node);

  /// What else is to be decided, e.g. the writer of a database (`SetAttribute`). Asked at every
  /// plan, so it must return only what differs from the state; an empty list if all is well.
  default List<Command> alsoDecide(PolicyView view) {
    return List.of();
  }

  /// The policy of resources without a mind of their own: they may always start.
  static ServicePolicy always(String how, String reason) {
    return (view, node) -> new StartDecision.Start(how, reason);
  }
}
