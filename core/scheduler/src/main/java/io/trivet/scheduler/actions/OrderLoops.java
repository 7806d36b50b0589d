package io.trivet.scheduler.actions;

import io.trivet.scheduler.graph.GraphInputs;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Takes out orderings that would make the graph wait for itself.
final class OrderLoops {
  private static final EnumSet<OrderFlag> LOAD = EnumSet.of(OrderFlag.IF_ON_SAME_NODE_OR_TARGET);

  private OrderLoops() {}

  static void disableInvalid(Cluster cluster) {
    for (Action action : cluster.actions.reversed()) {
      Resource resource = action.resource;
      boolean concerned =
          resource != null && (!resource.fillers.isEmpty() || action.task.equals(Tasks.MIGRATE_TO));
      if (!concerned) {
        continue;
      }
      for (Action.Relation input : action.before.reversed()) {
        if (invalid(cluster, action, input)) {
          input.flags = EnumSet.noneOf(OrderFlag.class);
        }
      }
    }
  }

  private static boolean invalid(Cluster cluster, Action action, Action.Relation input) {
    if (input.flags.isEmpty() || action.resource == null) {
      return false;
    }
    if (!input.flags.contains(OrderFlag.GUEST_ALLOWED)
        && input.action.resource != null
        && isGuest(action.resource, input.action.node)) {
      cluster.warnings.add(
          input.action.resource.id
              + " runs in the guest that is "
              + action.resource.id
              + " and cannot be ordered before it");
      return true;
    }
    // Two that change places by live migration cannot both wait until the other one is gone.
    return input.flags.equals(LOAD)
        && action.task.equals(Tasks.MIGRATE_TO)
        && leadsTo(action, input);
  }

  private static boolean isGuest(Resource resource, @Nullable Node node) {
    return node != null
        && !resource.fillers.isEmpty()
        && node.remoteResource != null
        && node.remoteResource.container == resource;
  }

  /// True if what the input waits for leads back to the action.
  private static boolean leadsTo(Action action, Action.Relation input) {
    if (!GraphInputs.counts(action, input)) {
      return false;
    }
    SequencedSet<Action> seen = new LinkedHashSet<>();
    ArrayDeque<Action> open = new ArrayDeque<>();
    seen.add(input.action);
    open.add(input.action);
    while (!open.isEmpty()) {
      Action next = open.poll();
      if (next == action) {
        return true;
      }
      for (Action.Relation relation : next.before) {
        if (GraphInputs.counts(next, relation) && seen.add(relation.action)) {
          open.add(relation.action);
        }
      }
    }
    return false;
  }
}
