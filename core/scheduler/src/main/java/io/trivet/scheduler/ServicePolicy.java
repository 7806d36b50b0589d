package io.trivet.scheduler;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /// Why the resource must not be stopped on `node` yet although that is wanted (standby), or null
  /// if it may; e.g. the writer of a database is handed over first. A clause without a full stop.
  default @Nullable String holdsUpStop(PolicyView view, String node) {
    return null;
  }

  /// Why what a member says of itself is not believed, because others know better, or null. A
  /// clause without a full stop.
  default @Nullable String disbelieves(PolicyView view, String node) {
    return null;
  }

  /// What is wrong with a member that is started and serves, by its own word, and what to do; null
  /// if nothing is.
  default @Nullable Problem impaired(PolicyView view, String node) {
    return null;
  }

  /// True if the agents start the resource again by themselves when it fails. The planner then
  /// gives a new target only when that did not help for a while.
  default boolean restartsByItself() {
    return false;
  }

  /// What else is to be decided, e.g. the writer of a database (`SetAttribute`). Asked at every
  /// plan, so it must return only what differs from the state; an empty list if all is well.
  default List<Command> alsoDecide(PolicyView view) {
    return List.of();
  }

  /// The policy of resources without a mind of their own: they may always start, and their agents
  /// restart them.
  static ServicePolicy always() {
    return new ServicePolicy() {
      @Override
      public StartDecision mayStart(PolicyView view, String node) {
        return new StartDecision.Start(Target.PLAIN, "all that it needs is up");
      }

      @Override
      public boolean restartsByItself() {
        return true;
      }
    };
  }
}
