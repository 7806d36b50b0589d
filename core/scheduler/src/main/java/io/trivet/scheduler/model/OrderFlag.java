package io.trivet.scheduler.model;

/// What it means that one action ("first") comes before another ("then"). Flags are combined; with
/// none, the two are ordered in nothing and the relation is as good as absent. The words are those
/// of "Pacemaker Explained", Ordering Constraints, and of its developers' guide.
public enum OrderFlag {
  /// An order and nothing more: if both happen, first happens first.
  ORDERED,
  /// The relation counts only if first is no part of a live migration.
  IF_FIRST_UNMIGRATABLE,
  /// If then is required, so is first; if then cannot be part of a live migration, nor can first.
  THEN_IMPLIES_FIRST,
  /// If first is required, so is then.
  FIRST_IMPLIES_THEN,
  /// If then is required and its resource is promoted now, first is required.
  PROMOTED_THEN_IMPLIES_FIRST,
  /// First is runnable only if then is runnable and migratable; first is required if then is.
  UNMIGRATABLE_THEN_BLOCKS,
  /// Then is runnable (and migratable) only if first is runnable.
  UNRUNNABLE_FIRST_BLOCKS,
  /// If first is unrunnable, then becomes a real action that is no part of a live migration.
  FIRST_ELSE_THEN,
  /// If first is required, so is the then of the instance on the same node.
  FIRST_IMPLIES_SAME_NODE_THEN,
  /// Container's start before the probe of its connection: nothing if first is unrunnable and its
  /// resource active, else as UNRUNNABLE_FIRST_BLOCKS.
  NESTED_REMOTE_PROBE,
  /// Restart: a required then makes first required (and first has to be runnable); a then that
  /// cannot run makes the stop of the same resource required.
  INTERMEDIATE_STOP,
  /// Not at the same time, in whatever order.
  SERIALIZE,
  /// The relation counts only if both are on the same node.
  IF_ON_SAME_NODE,
  /// First is in the graph if then is required.
  THEN_IMPLIES_FIRST_GRAPHED,
  /// Then is in the graph if first is required and runnable.
  FIRST_IMPLIES_THEN_GRAPHED,
  /// Configured with `symmetrical="false"`.
  ASYMMETRIC,
  /// Ordered if on the same node; for a migrate_to, that is the node that is migrated to.
  IF_ON_SAME_NODE_OR_TARGET,
  /// Then is runnable if a number of the firsts is.
  MIN_RUNNABLE,
  /// The relation counts only if first is required and on the same node as then.
  IF_REQUIRED_ON_SAME_NODE,
  /// The relation counts even if first runs on the guest node that then's resource is.
  GUEST_ALLOWED,
  /// If then is required, first need not be done.
  THEN_CANCELS_FIRST
}
