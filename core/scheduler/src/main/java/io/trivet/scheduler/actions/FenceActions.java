package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The actions that fence nodes, and who can be fenced ("Pacemaker Explained", Fencing).
final class FenceActions {
  private FenceActions() {}

  static Action fence(
      Cluster cluster,
      Node node,
      @Nullable String operation,
      boolean optional,
      @Nullable String reason,
      boolean priorityDelay) {
    String how = operation == null ? cluster.fencingAction : operation;
    String key = "stonith-" + node.name + "-" + how;
    Action action = cluster.singletons.get(key);
    boolean needed = !optional;
    if (action == null) {
      action = Actions.custom(cluster, null, key, "stonith", node, true);
      cluster.singletons.put(key, action);
      action.put("on_node", node.name);
      action.put("on_node_uuid", node.id);
      action.put("stonith_action", how);
      if (cluster.is(Cluster.Flag.ENABLE_UNFENCING)) {
        needed |= ConfigChanges.fenceDevicesChanged(cluster, node, action);
      }
    }
    if (cluster.priorityFencingDelayMillis > 0
        && (priorityDelay || action.meta.containsKey("priority-fencing-delay"))) {
      action.put("priority-fencing-delay", Long.toString(priorityDelay(cluster, node)));
    }
    if (needed && canFence(cluster, node)) {
      action.set(Action.Flag.OPTIONAL, false);
    }
    Actions.reason(action, reason, false);
    return action;
  }

  static void fenceNode(Cluster cluster, Node node, String reason, boolean priorityDelay) {
    Resource connection = node.remoteResource;
    if (node.isGuest() && connection != null && connection.container != null) {
      Resource container = connection.container;
      if (!container.is(Resource.Flag.FAILED) && container.is(Resource.Flag.MANAGED)) {
        // Not unclean: it may run resources in this transition once it is recovered.
        node.remoteRequiresReset = true;
        container.set(Resource.Flag.FAILED, true);
        container.set(Resource.Flag.STOP_IF_FAILED_ASSIGN, true);
      }
    } else if (connection != null && dangling(node, connection)) {
      connection.set(Resource.Flag.FAILED, true);
      connection.set(Resource.Flag.STOP_IF_FAILED_ASSIGN, true);
    } else if (node.isRemoteOrGuest()) {
      if (connection == null || connection.is(Resource.Flag.MANAGED)) {
        node.remoteRequiresReset = true;
      }
      node.unclean = true;
      fence(cluster, node, null, true, reason, false);
    } else if (!node.unclean) {
      node.unclean = true;
      fence(cluster, node, null, true, reason, priorityDelay);
    }
  }

  /// True for a guest whose machine is no longer configured.
  private static boolean dangling(Node node, Resource connection) {
    return node.isRemoteOrGuest()
        && connection.container == null
        && connection.is(Resource.Flag.REMOVED_FILLER);
  }

  /// True if the cluster is able to fence the node. A guest is fenced by stopping its container.
  static boolean canFence(Cluster cluster, @Nullable Node node) {
    if (node != null && node.isGuest() && node.remoteResource != null) {
      Resource container = node.remoteResource.container;
      List<Node> hosts = container == null ? List.of() : container.runningOn;
      return hosts.stream().allMatch(host -> host.online || canFence(cluster, host));
    }
    if (!cluster.is(Cluster.Flag.FENCING_ENABLED)
        || !cluster.is(Cluster.Flag.HAVE_FENCING_RESOURCE)) {
      return false;
    }
    return cluster.is(Cluster.Flag.HAVE_QUORUM)
        || cluster.noQuorum == Cluster.NoQuorum.IGNORE
        || (node != null && node.online);
  }

  /// Seconds that the fencing of the node waits since it is worth more than the others: only where
  /// at most half of the cluster is in this partition.
  private static long priorityDelay(Cluster cluster, Node target) {
    if (target.isRemoteOrGuest() || target.online) {
      return 0;
    }
    int members = 0;
    int online = 0;
    int top = 0;
    int lowest = 0;
    for (Node node : cluster.nodes) {
      if (node.isRemoteOrGuest()) {
        continue;
      }
      top = members == 0 ? node.priority : Math.max(top, node.priority);
      lowest = members == 0 ? node.priority : Math.min(lowest, node.priority);
      members++;
      online += node.online ? 1 : 0;
    }
    boolean waits = online <= members / 2 && lowest != top && target.priority >= top;
    return waits ? cluster.priorityFencingDelayMillis / 1000 : 0;
  }
}
