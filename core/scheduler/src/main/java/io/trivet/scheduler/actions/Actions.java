package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import org.jspecify.annotations.Nullable;

/// Makes actions, or finds those that were made already.
public final class Actions {
  private Actions() {}

  /// `resource_task_interval`.
  public static String key(String resource, String task, long intervalMillis) {
    return resource + "_" + task + "_" + intervalMillis;
  }

  /// The action of that key on that node; made if there is none yet. Its meta-attributes, whether it
  /// is runnable and what its failure means are filled in.
  ///
  /// @param optional true if nothing asks for it to be done so far
  public static Action custom(
      Cluster cluster,
      @Nullable Resource resource,
      String key,
      String task,
      @Nullable Node node,
      boolean optional) {
    throw new UnsupportedOperationException(
        key + task + node + optional + resource + cluster.now);
  }

  /// A pseudo-action.
  public static Action pseudo(
      Cluster cluster, Resource resource, String task, boolean optional, boolean runnable) {
    throw new UnsupportedOperationException(
        task + optional + runnable + resource + cluster.now);
  }

  /// The fencing of a node (`stonith-NODE-off|reboot|on`); found or made.
  ///
  /// @param action `off`, `reboot`, `on`; null for the cluster's configured one
  /// @param priorityDelay true if `priority-fencing-delay` may count
  public static Action fence(
      Cluster cluster,
      Node node,
      @Nullable String action,
      boolean optional,
      @Nullable String reason,
      boolean priorityDelay) {
    throw new UnsupportedOperationException(
        node + action + optional + reason + priorityDelay + cluster.now);
  }

  /// Schedules that the fail count of the resource on the node is cleared.
  public static Action clearFailCount(
      Cluster cluster, Resource resource, Node node, String reason) {
    throw new UnsupportedOperationException(resource + node.name + reason + cluster.now);
  }
}
