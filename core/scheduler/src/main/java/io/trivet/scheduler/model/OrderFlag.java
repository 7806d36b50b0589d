package io.trivet.scheduler.model;

/// What it means that one action (first) comes before another (then).
public enum OrderFlag {
  /// Only an order, if both happen.
  ORDERED,
  /// If first is required, so is then.
  FIRST_IMPLIES_THEN,
  /// If then is required, so is first.
  THEN_IMPLIES_FIRST,
  /// If then is required and its resource is to be promoted, so is first.
  PROMOTED_THEN_IMPLIES_FIRST,
  /// If first cannot run, neither can then.
  UNRUNNABLE_FIRST_BLOCKS,
  /// If then cannot run, neither can first.
  UNRUNNABLE_THEN_BLOCKS,
  /// As THEN_IMPLIES_FIRST, and first blocks then where it cannot run (nested or not).
  NESTED_REMOTE_PROBE,
  /// Then has to be unmigratable if first is.
  UNMIGRATABLE_THEN_BLOCKS,
  /// If first is optional, then may run (stop of first, or else).
  FIRST_ELSE_THEN,
  /// Only if first is not part of a live migration.
  IF_FIRST_UNMIGRATABLE,
  /// Only if both are on the same node (or first's target is).
  IF_ON_SAME_NODE_OR_TARGET,
  /// Only if both are on the same node.
  IF_ON_SAME_NODE,
  /// Only in the configured direction.
  ASYMMETRIC,
  /// First is in the graph if then is.
  THEN_IMPLIES_FIRST_GRAPHED,
  /// Then is in the graph if first is.
  FIRST_IMPLIES_THEN_GRAPHED,
  /// If then stops, first's stop in between is required (restart).
  INTERMEDIATE_STOP,
  /// If first's resource is on the same node as then's.
  FIRST_IMPLIES_SAME_NODE_THEN,
  /// A minimum number of the firsts has to be runnable.
  MIN_RUNNABLE,
  /// A set of actions that must not run at the same time.
  SERIALIZE,
  /// Ordering in a guest's container is allowed across its nodes.
  GUEST_ALLOWED
}
