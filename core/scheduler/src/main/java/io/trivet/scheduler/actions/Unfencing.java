package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/// Unfencing ("Pacemaker Explained", Fencing): a node is let back to shared devices (`on`) before a
/// resource that needs it is probed or started there.
final class Unfencing {
  private Unfencing() {}

  /// Orders the action after the node's unfencing where the resource needs it, and asks for that if
  /// the node was never unfenced.
  static void order(
      Cluster cluster, Resource resource, Node node, Action action, EnumSet<OrderFlag> flags) {
    boolean device =
        resource.is(Resource.Flag.FENCE_DEVICE) && cluster.is(Cluster.Flag.ENABLE_UNFENCING);
    if (!device && !resource.is(Resource.Flag.NEEDS_UNFENCING)) {
      return;
    }
    // Optional at first: else each new resource would have its nodes unfenced and emptied.
    Action unfence = Actions.fence(cluster, node, "on", true, null, false);
    Orderings.link(unfence, action, flags);
    if (!unfenced(node)) {
      trigger(cluster, null, node, "required by " + resource.id + " " + action.task, null);
    }
  }

  static boolean unfenced(Node node) {
    String value = node.attributes.get("#node-unfenced");
    return value != null && !value.equals("0");
  }

  /// Asks for the unfencing of the node, or of every node where the device is allowed.
  ///
  /// @param resource the device that changed, or null
  /// @param before what waits for it, or null
  static void trigger(
      Cluster cluster,
      @Nullable Resource resource,
      @Nullable Node node,
      String reason,
      @Nullable Action before) {
    if (!cluster.is(Cluster.Flag.ENABLE_UNFENCING)
        || (resource != null && !resource.is(Resource.Flag.FENCE_DEVICE))) {
      return;
    }
    if (node != null && usable(node)) {
      Action unfence = Actions.fence(cluster, node, "on", false, reason, false);
      if (before != null) {
        Orderings.link(unfence, before, EnumSet.of(OrderFlag.ORDERED));
      }
    } else if (resource != null) {
      for (NodeScores.Candidate candidate : resource.allowed.list()) {
        if (usable(candidate.node)) {
          trigger(cluster, resource, candidate.node, reason, before);
        }
      }
    }
  }

  private static boolean usable(Node node) {
    return node.online && !node.unclean && !node.shutdown;
  }
}
