package io.trivet.scheduler.actions;

import static io.trivet.scheduler.model.OrderFlag.FIRST_IMPLIES_SAME_NODE_THEN;
import static io.trivet.scheduler.model.OrderFlag.FIRST_IMPLIES_THEN;
import static io.trivet.scheduler.model.OrderFlag.IF_ON_SAME_NODE;
import static io.trivet.scheduler.model.OrderFlag.IF_ON_SAME_NODE_OR_TARGET;
import static io.trivet.scheduler.model.OrderFlag.INTERMEDIATE_STOP;
import static io.trivet.scheduler.model.OrderFlag.ORDERED;
import static io.trivet.scheduler.model.OrderFlag.PROMOTED_THEN_IMPLIES_FIRST;
import static io.trivet.scheduler.model.OrderFlag.THEN_CANCELS_FIRST;
import static io.trivet.scheduler.model.OrderFlag.THEN_IMPLIES_FIRST;
import static io.trivet.scheduler.model.OrderFlag.UNRUNNABLE_FIRST_BLOCKS;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Names;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Primitive;
import io.trivet.scheduler.model.Role;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The orderings that follow from a primitive being what it is, and with what it is contained in.
final class PrimitiveOrderings {
  private final Cluster cluster;

  PrimitiveOrderings(Cluster cluster) {
    this.cluster = cluster;
  }

  void of(Primitive rsc) {
    if (!rsc.is(Resource.Flag.MANAGED)) {
      return;
    }
    Orderings.add(
        cluster, rsc, Tasks.STOP, rsc, Tasks.START, ORDERED, FIRST_IMPLIES_THEN, INTERMEDIATE_STOP);
    if (Family.promotable(rsc) || rsc.role == Role.PROMOTED) {
      Orderings.add(cluster, rsc, Tasks.DEMOTE, rsc, Tasks.STOP, PROMOTED_THEN_IMPLIES_FIRST);
      Orderings.add(cluster, rsc, Tasks.START, rsc, Tasks.PROMOTE, UNRUNNABLE_FIRST_BLOCKS);
    }
    // A probe that is done anyway makes it pointless to forget the history first.
    Orderings.add(
        cluster, rsc, Tasks.DELETE, rsc, Tasks.MONITOR, IF_ON_SAME_NODE, THEN_CANCELS_FIRST);
    unfencing(rsc);
    load(rsc);
    if (rsc.container != null) {
      contained(rsc, rsc.container);
    }
  }

  /// Stopped before its node is unfenced, and started after it.
  private void unfencing(Primitive rsc) {
    if (rsc.is(Resource.Flag.FENCE_DEVICE)
        || !cluster.is(Cluster.Flag.ENABLE_UNFENCING)
        || !rsc.is(Resource.Flag.NEEDS_UNFENCING)) {
      return;
    }
    for (Node node : allowed(rsc)) {
      Action unfence = Actions.fence(cluster, node, "on", true, null, false);
      Orderings.add(cluster, rsc, Tasks.STOP, unfence, EnumSet.of(ORDERED, IF_ON_SAME_NODE));
      Orderings.add(
          cluster,
          unfence,
          rsc,
          Tasks.START,
          EnumSet.of(FIRST_IMPLIES_SAME_NODE_THEN, IF_ON_SAME_NODE));
    }
  }

  /// Where nodes have a capacity, what comes to a node waits for what leaves it.
  private void load(Primitive rsc) {
    if (rsc.utilization.isEmpty() || cluster.placementStrategy.equals("default")) {
      return;
    }
    EnumSet<OrderFlag> flags = EnumSet.of(IF_ON_SAME_NODE_OR_TARGET);
    for (Node node : rsc.runningOn) {
      Orderings.add(cluster, rsc, Tasks.STOP, loadStopped(node), flags);
    }
    for (Node node : allowed(rsc)) {
      Action loadStopped = loadStopped(node);
      Orderings.add(cluster, loadStopped, rsc, Tasks.START, flags);
      Orderings.add(cluster, loadStopped, rsc, Tasks.MIGRATE_TO, flags);
    }
  }

  private Action loadStopped(Node node) {
    Action action = Actions.pseudo(cluster, "load_stopped_" + node.name);
    if (action.node == null) {
      action.node = node;
      action.set(Action.Flag.OPTIONAL, false);
    }
    return action;
  }

  private void contained(Primitive rsc, Resource container) {
    boolean connection = rsc.is(Resource.Flag.REMOTE_CONNECTION);
    if (connection) {
      // If the probe finds the container running, the connection need not be recovered.
      Orderings.add(cluster, container, Tasks.MONITOR, rsc, Tasks.STOP, ORDERED);
    } else if (container.is(Resource.Flag.REMOTE_CONNECTION) || guestIn(container) != null) {
      // It runs on the guest node, not beside it.
      return;
    }
    Orderings.add(
        cluster,
        container,
        Tasks.START,
        rsc,
        Tasks.START,
        FIRST_IMPLIES_THEN,
        UNRUNNABLE_FIRST_BLOCKS);
    Orderings.add(cluster, rsc, Tasks.STOP, container, Tasks.STOP, THEN_IMPLIES_FIRST);
  }

  /// The connection of the guest node that the container is, or null.
  private @Nullable Resource guestIn(Resource container) {
    if (!cluster.is(Cluster.Flag.HAVE_REMOTE_NODES)) {
      return null;
    }
    for (Resource filler : container.fillers) {
      if (filler.is(Resource.Flag.REMOTE_CONNECTION)) {
        return filler;
      }
    }
    return null;
  }

  /// The nodes that it has a score for, in the order of their names.
  private static List<Node> allowed(Resource rsc) {
    List<Node> nodes = new ArrayList<>();
    for (Candidate candidate : rsc.allowed.list()) {
      nodes.add(candidate.node);
    }
    nodes.sort((a, b) -> Names.compare(a.name, b.name));
    return nodes;
  }
}
