package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import java.util.EnumSet;
import java.util.List;

/// Orders what is done on remote and guest nodes against their connections: while the connection is
/// up, or, where it is lost for good, by the fencing of the node.
public final class RemoteOrder {
  private RemoteOrder() {}

  /// What is to be expected of a connection.
  enum State {
    /// It will not come back, or cannot be known.
    UNKNOWN,
    ALIVE,
    /// It is moving, or comes back elsewhere.
    RESTING,
    FAILED,
    STOPPED
  }

  /// Adds the orderings; marks nodes whose connection is lost as ones to be fenced.
  public static void apply(Cluster cluster) {
    if (!cluster.is(Cluster.Flag.HAVE_REMOTE_NODES)) {
      return;
    }
    for (Action action : List.copyOf(cluster.actions).reversed()) {
      Resource resource = action.resource;
      if (resource == null) {
        continue;
      }
      if (resource.is(Resource.Flag.REMOTE_CONNECTION) && action.task.equals("clear_failcount")) {
        Orderings.add(cluster, action, resource, "start", EnumSet.of(OrderFlag.ORDERED));
        continue;
      }
      Node node = action.node;
      if (node == null
          || !node.isRemoteOrGuest()
          || action.is(Action.Flag.PSEUDO)
          || node.remoteResource == null) {
        continue;
      }
      Resource connection = node.remoteResource;
      if (action.task.equals("start")) {
        orderStopsElsewhere(cluster, action, resource, connection);
      }
      if (connection.container != null) {
        orderInGuest(cluster, action, node, connection, connection.container);
      } else {
        orderOnRemote(cluster, action, node, connection);
      }
    }
  }

  /// What moves to a remote node stays where it is until the connection is up.
  private static void orderStopsElsewhere(
      Cluster cluster, Action start, Resource resource, Resource connection) {
    for (Action other : resource.actions.reversed()) {
      if (other.node != start.node && other.task.equals("stop")) {
        Orderings.add(cluster, connection, "start", other, EnumSet.of(OrderFlag.ORDERED));
      }
    }
  }

  private static void orderInGuest(
      Cluster cluster, Action action, Node node, Resource connection, Resource container) {
    boolean failed = container.is(Resource.Flag.FAILED);
    if (failed) {
      Actions.fenceNode(cluster, node, "container failed", false);
    }
    switch (action.task) {
      case "start", "promote" -> {
        afterStart(cluster, container, action, OrderFlag.FIRST_IMPLIES_THEN);
        afterStart(cluster, connection, action);
      }
      case "stop", "demote", "migrate_to", "migrate_from" -> {
        // Where the container failed, its stop implies this one.
        if (!failed) {
          beforeStop(cluster, action, connection);
        }
      }
      default -> {
        if (!recurs(action)) {
          afterStart(cluster, connection, action);
        } else if (action.task.equals("monitor")) {
          afterStart(cluster, connection, action, OrderFlag.FIRST_IMPLIES_THEN);
        }
      }
    }
  }

  private static void orderOnRemote(
      Cluster cluster, Action action, Node node, Resource connection) {
    State state = state(node);
    switch (action.task) {
      case "start", "promote" -> {
        if (state == State.FAILED) {
          afterStart(cluster, connection, action, OrderFlag.FIRST_IMPLIES_THEN);
        } else {
          afterStart(cluster, connection, action);
        }
      }
      case "stop", "migrate_to", "migrate_from" ->
          orderStop(cluster, action, node, connection, state);
      case "demote" -> {
        // Where the connection goes down for good, the order of the stops is enough.
        if (state == State.RESTING || state == State.UNKNOWN) {
          afterStart(cluster, connection, action);
        }
      }
      default -> orderOther(cluster, action, node, connection, state);
    }
  }

  private static void orderStop(
      Cluster cluster, Action action, Node node, Resource connection, State state) {
    if (state == State.ALIVE) {
      beforeStop(cluster, action, connection, OrderFlag.THEN_IMPLIES_FIRST);
    } else if (state == State.FAILED) {
      Actions.fenceNode(
          cluster, node, "resources are active but connection is unrecoverable", false);
    } else if (connection.nextRole == Role.STOPPED) {
      beforeStop(cluster, action, connection, OrderFlag.THEN_IMPLIES_FIRST);
    } else {
      afterStart(cluster, connection, action);
    }
  }

  private static void orderOther(
      Cluster cluster, Action action, Node node, Resource connection, State state) {
    if (recurs(action)) {
      afterStart(cluster, connection, action, OrderFlag.FIRST_IMPLIES_THEN);
      return;
    }
    if (action.task.equals("monitor") && state == State.FAILED) {
      Actions.fenceNode(
          cluster, node, "resources are in unknown state and connection is unrecoverable", false);
    }
    if (!connection.runningOn.isEmpty() && state == State.STOPPED) {
      // It goes down for good: look at the services before.
      beforeStop(cluster, action, connection, OrderFlag.UNRUNNABLE_FIRST_BLOCKS);
    } else {
      afterStart(cluster, connection, action);
    }
  }

  private static void afterStart(Cluster cluster, Resource first, Action then, OrderFlag... extra) {
    EnumSet<OrderFlag> flags =
        EnumSet.of(OrderFlag.GUEST_ALLOWED, OrderFlag.UNRUNNABLE_FIRST_BLOCKS);
    flags.addAll(List.of(extra));
    Orderings.add(cluster, first, "start", then, flags);
  }

  private static void beforeStop(Cluster cluster, Action first, Resource then, OrderFlag... extra) {
    EnumSet<OrderFlag> flags = EnumSet.of(OrderFlag.GUEST_ALLOWED);
    flags.addAll(List.of(extra));
    Orderings.add(cluster, first, then, "stop", flags);
  }

  /// True if somebody asked for it; what else takes the node down does not count.
  private static boolean shutdownRequested(Node node) {
    String asked = node.attributes.get("shutdown");
    return asked != null && !asked.equals("0");
  }

  private static boolean recurs(Action action) {
    String interval = action.meta.get("interval");
    return interval != null && !interval.equals("0");
  }

  /// The state of the connection to a remote node.
  static State state(Node node) {
    Resource connection = node.remoteResource;
    if (connection == null) {
      return State.UNKNOWN;
    }
    Node host = ActiveNodes.of(connection).node();
    if (connection.nextRole == Role.STOPPED || connection.assignedTo == null) {
      if (host != null && host.unclean) {
        return State.FAILED;
      }
      if (!connection.is(Resource.Flag.FAILED)) {
        return State.STOPPED;
      }
      boolean waits =
          connection.nextRole == Role.STOPPED
              && connection.remoteReconnectMillis > 0
              && node.remoteWasFenced
              && !shutdownRequested(node);
      return waits ? State.UNKNOWN : State.FAILED;
    }
    if (host == null) {
      return State.UNKNOWN;
    }
    if (host.unclean || !host.online) {
      return State.RESTING;
    }
    boolean migrates =
        connection.runningOn.size() > 1
            && connection.partialMigrationSource != null
            && connection.partialMigrationTarget != null;
    return migrates ? State.RESTING : State.ALIVE;
  }
}
