package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which nodes are fenced and which shut down, and what that means for the resources on them: their
/// stops and demotions follow from the fencing and are not executed.
public final class Fencing {
  private static final EnumSet<OrderFlag> ORDERED = EnumSet.of(OrderFlag.ORDERED);

  private Fencing() {}

  /// Makes the fencing and shutdown actions of the transition; that of the DC comes last.
  public static void scheduleFencingAndShutdowns(Cluster cluster) {
    // Where there is nothing to manage, nothing is at risk.
    boolean managed = cluster.resources.stream().anyMatch(r -> r.is(Resource.Flag.MANAGED));
    Action ofDc = null;
    List<Action> fencings = new ArrayList<>();
    List<Action> shutdowns = new ArrayList<>();
    for (Node node : cluster.nodes) {
      if (node.isGuest()) {
        if (node.remoteRequiresReset && managed && FenceActions.canFence(cluster, node)) {
          fenceGuest(cluster, node);
        }
        continue;
      }
      if (managed && node.unclean && FenceActions.canFence(cluster, node)) {
        Action fencing = Actions.fence(cluster, node, null, false, "node is unclean", false);
        order(cluster, fencing);
        if (node.isDc) {
          ofDc = fencing;
        } else {
          if (!cluster.is(Cluster.Flag.CONCURRENT_FENCING) && !fencings.isEmpty()) {
            Orderings.link(fencings.getLast(), fencing, ORDERED);
          }
          fencings.add(fencing);
        }
      } else if (!node.isRemoteOrGuest() && node.online && node.shutdown) {
        Action shutdown = shutDown(cluster, node);
        if (node.isDc) {
          ofDc = shutdown;
        } else {
          shutdowns.add(shutdown);
        }
      }
    }
    if (ofDc != null) {
      orderDcLast(cluster, ofDc, fencings, shutdowns);
    }
  }

  private static void orderDcLast(
      Cluster cluster, Action ofDc, List<Action> fencings, List<Action> shutdowns) {
    // Its fencing does not wait for shutdowns: those may wait for it.
    if (ofDc.task.equals("do_shutdown")) {
      shutdowns.reversed().forEach(shutdown -> Orderings.link(shutdown, ofDc, ORDERED));
    }
    if (cluster.is(Cluster.Flag.CONCURRENT_FENCING)) {
      fencings.reversed().forEach(fencing -> Orderings.link(fencing, ofDc, ORDERED));
    } else if (!fencings.isEmpty()) {
      // They are a chain already.
      Orderings.link(fencings.getLast(), ofDc, ORDERED);
    }
  }

  private static Action shutDown(Cluster cluster, Node node) {
    Action shutdown =
        Actions.custom(cluster, null, "do_shutdown-" + node.name, "do_shutdown", node, false);
    for (Action stop : List.copyOf(cluster.actions).reversed()) {
      Resource resource = stop.resource;
      if (stop.node != node || resource == null || !stop.task.equals("stop")) {
        continue;
      }
      // What is left alone does not hold up the shutdown.
      boolean leftAlone =
          resource.is(Resource.Flag.MAINTENANCE)
              || node.maintenance
              || (!resource.is(Resource.Flag.MANAGED) && !resource.is(Resource.Flag.BLOCKED));
      if (!leftAlone) {
        stop.set(Action.Flag.OPTIONAL, false);
        Orderings.add(
            cluster,
            resource,
            stop,
            null,
            null,
            shutdown,
            "do_shutdown",
            EnumSet.of(OrderFlag.ORDERED, OrderFlag.UNRUNNABLE_FIRST_BLOCKS));
      }
    }
    shutdown.put("op_no_wait", "true");
    return shutdown;
  }

  /// A guest is fenced by the stop of its container. What stands for the fencing is a pseudo-action
  /// that the others are ordered after.
  private static void fenceGuest(Cluster cluster, Node node) {
    Resource connection = node.remoteResource;
    Resource container = connection == null ? null : connection.container;
    Action stop = null;
    String how = "off";
    if (container != null) {
      stop = Actions.first(container.actions, null, "stop", null);
      if (Actions.first(container.actions, null, "start", null) != null) {
        how = "reboot";
      }
    }
    Action fencing = Actions.fence(cluster, node, how, false, "guest is unclean", false);
    fencing.set(Action.Flag.PSEUDO, true);
    fencing.set(Action.Flag.RUNNABLE, true);
    EnumSet<OrderFlag> implied =
        EnumSet.of(OrderFlag.UNRUNNABLE_FIRST_BLOCKS, OrderFlag.FIRST_IMPLIES_THEN);
    if (stop != null && stop.is(Action.Flag.PSEUDO) && stop.node != null) {
      // The stop itself follows from the fencing of the host.
      Action ofHost = Actions.fence(cluster, stop.node, null, false, null, false);
      Orderings.link(ofHost, fencing, implied);
    } else if (stop != null) {
      Orderings.link(stop, fencing, implied);
    } else if (connection != null) {
      // The guest may run: its history may have been cleaned. The stop of its connection comes
      // after a probe of the container.
      Action down = Actions.first(connection.actions, null, "stop", null);
      if (down != null) {
        Orderings.link(down, fencing, ORDERED);
      }
    }
    order(cluster, fencing);
  }

  /// Orders all resources' actions against the fencing of a node.
  private static void order(Cluster cluster, Action fencing) {
    Node target = fencing.node;
    if (target != null) {
      for (Resource resource : cluster.resources) {
        order(cluster, resource, fencing, target);
      }
    }
  }

  private static void order(Cluster cluster, Resource resource, Action fencing, Node target) {
    List<Resource> children = resource.children();
    if (!children.isEmpty()) {
      children.forEach(child -> order(cluster, child, fencing, target));
    } else if (resource.is(Resource.Flag.MANAGED)) {
      orderStarts(resource, fencing, target);
      orderStops(cluster, resource, fencing, target);
    }
  }

  private static void orderStarts(Resource resource, Action fencing, Node target) {
    for (Action action : resource.actions.reversed()) {
      switch (action.needs) {
        case NOTHING -> {}
        case FENCING -> Orderings.link(fencing, action, ORDERED);
        case QUORUM -> {
          // Where its state is not known, it may be active on the node.
          if (action.task.equals("start")
              && resource.allowed.contains(target)
              && !resource.knownOn.contains(target)) {
            Orderings.link(
                fencing, action, EnumSet.of(OrderFlag.ORDERED, OrderFlag.UNRUNNABLE_FIRST_BLOCKS));
          }
        }
      }
    }
  }

  private static void orderStops(Cluster cluster, Resource resource, Action fencing, Node target) {
    // The fencing of a guest is a stop of its container: what is in it always waits for that.
    boolean waits = resource.is(Resource.Flag.NEEDS_FENCING) || target.isGuest();
    EnumSet<OrderFlag> guestAllowed = EnumSet.of(OrderFlag.GUEST_ALLOWED);
    List<Action> stops = on(resource, "stop", target);
    Action stopOfTop =
        stops.isEmpty() || !waits
            ? null
            : Actions.first(resource.topInBundle().actions, null, "stop", null);
    for (Action stop : stops) {
      imply(stop);
      if (waits) {
        // Within a bundle that would be a loop; the order of its own stop is enough.
        if (!resource.bundled()) {
          Orderings.link(fencing, stop, guestAllowed);
        }
        if (stopOfTop != null) {
          Orderings.link(fencing, stopOfTop, guestAllowed);
        }
      }
      if (resource.is(Resource.Flag.NOTIFY)) {
        Notifications.orderAfterFencing(cluster, resource, stop, fencing);
      }
    }
    for (Action demote : on(resource, "demote", target)) {
      Node node = demote.node;
      if (node != null && (!node.online || node.unclean || resource.is(Resource.Flag.FAILED))) {
        imply(demote);
        if (waits && !resource.bundled()) {
          Orderings.link(fencing, demote, EnumSet.of(OrderFlag.GUEST_ALLOWED, OrderFlag.ORDERED));
        }
      }
    }
  }

  private static List<Action> on(Resource resource, String task, @Nullable Node node) {
    return Actions.find(resource.actions, resource.key(task), node);
  }

  /// What cannot be executed on a node that is down, and need not be.
  private static void imply(Action action) {
    action.set(Action.Flag.PSEUDO, true);
    action.set(Action.Flag.RUNNABLE, true);
  }
}
