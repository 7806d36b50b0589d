package io.trivet.scheduler.actions;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.unpack.Operations;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Recurring operations, monitors above all ("Pacemaker Explained", Resource Operations): started
/// after the resource, those for another role cancelled, those for the role Stopped executed where
/// the resource is not.
public final class Recurring {
  private Recurring() {}

  /// A recurring operation as configured.
  private record Operation(String name, long interval, @Nullable Role role, String key) {}

  static void create(Cluster cluster, Resource.Primitive resource) {
    if (resource.is(Resource.Flag.BLOCKED)
        || resource.is(Resource.Flag.MAINTENANCE)
        || resource.operations == null) {
      return;
    }
    Node node = resource.assignedTo;
    Action start = null;
    if (node != null
        && !node.maintenance
        && (resource.nextRole != Role.STOPPED || !resource.is(Resource.Flag.MANAGED))) {
      start = Actions.of(cluster, resource, "start", node, true);
    }
    List<Element> configured = resource.operations.children("op");
    for (Element xml : configured) {
      Operation operation = read(resource, xml, configured);
      if (operation == null) {
        continue;
      }
      if (start != null && node != null && operation.role != Role.STOPPED) {
        whereActive(cluster, resource, start, node, operation);
      }
      if (operation.role == Role.STOPPED) {
        whereInactive(cluster, resource, node, operation);
      }
    }
  }

  private static @Nullable Operation read(
      Resource.Primitive resource, Element xml, List<Element> configured) {
    String name = xml.get("name");
    long interval = Operations.interval(xml);
    if (name == null || interval <= 0 || xml.id().isEmpty()) {
      return null;
    }
    // Which of two with the same name and interval is meant, nobody knows: none is executed.
    for (Element other : configured) {
      if (other != xml
          && name.equals(other.get("name"))
          && Operations.interval(other) == interval
          && !other.id().isEmpty()) {
        return null;
      }
    }
    switch (name) {
      case "start", "stop", "promote", "demote" -> {
        return null;
      }
      default -> {}
    }
    String role = xml.get("role");
    Role parsed = Role.parse(role);
    boolean known = role == null || parsed != null;
    if (!known || Operations.find(resource, name, interval) == null) {
      return null;
    }
    return new Operation(name, interval, parsed, Actions.key(resource.id, name, interval));
  }

  private static void whereActive(
      Cluster cluster, Resource.Primitive resource, Action start, Node node, Operation operation) {
    boolean optional = runsAlready(resource, start, node, operation);
    boolean otherRole =
        operation.role == null
            ? resource.nextRole == Role.PROMOTED
            : operation.role != resource.nextRole;
    if (otherRole) {
      if (optional) {
        cancelForRole(cluster, resource, node, operation);
      }
      return;
    }
    Action monitor =
        Actions.custom(cluster, resource, operation.key, operation.name, node, optional);
    if (!start.is(Action.Flag.RUNNABLE) || !node.online || node.unclean) {
      monitor.set(Action.Flag.RUNNABLE, false);
    }
    if (resource.nextRole == Role.PROMOTED) {
      monitor.put("op_target_rc", "8");
    }
    if (!resource.is(Resource.Flag.MANAGED)) {
      return;
    }
    EnumSet<OrderFlag> implied =
        EnumSet.of(OrderFlag.FIRST_IMPLIES_THEN, OrderFlag.UNRUNNABLE_FIRST_BLOCKS);
    EnumSet<OrderFlag> ordered = EnumSet.of(OrderFlag.ORDERED, OrderFlag.UNRUNNABLE_FIRST_BLOCKS);
    Orderings.add(cluster, resource, "start", monitor, implied);
    Orderings.add(cluster, resource, "reload-agent", monitor, implied);
    if (resource.nextRole == Role.PROMOTED) {
      Orderings.add(cluster, resource, "promote", monitor, ordered);
    } else if (resource.role == Role.PROMOTED) {
      Orderings.add(cluster, resource, "demote", monitor, ordered);
    }
  }

  private static boolean runsAlready(
      Resource.Primitive resource, Action start, Node node, Operation operation) {
    if (!start.is(Action.Flag.OPTIONAL)) {
      return false;
    }
    List<Action> running = Actions.findExact(resource.actions, operation.key, node);
    return !running.isEmpty() && running.stream().noneMatch(a -> a.is(Action.Flag.RESCHEDULE));
  }

  private static void cancelForRole(
      Cluster cluster, Resource.Primitive resource, Node node, Operation operation) {
    Action cancel = cancel(cluster, resource, operation.name, operation.interval, node);
    String after =
        switch (resource.role) {
          case UNPROMOTED, STARTED ->
              switch (resource.nextRole) {
                case PROMOTED -> "promote";
                case STOPPED -> "stop";
                case UNKNOWN, STARTED, UNPROMOTED -> null;
              };
          case PROMOTED -> "demote";
          case UNKNOWN, STOPPED -> null;
        };
    if (after != null) {
      Orderings.add(
          cluster, cancel, resource, after, EnumSet.of(OrderFlag.UNRUNNABLE_FIRST_BLOCKS));
    }
  }

  private static void whereInactive(
      Cluster cluster, Resource.Primitive resource, @Nullable Node active, Operation operation) {
    if (resource.topInBundle() instanceof Resource.Clone
        && !resource.is(Resource.Flag.GLOBALLY_UNIQUE)) {
      return;
    }
    for (Node node : cluster.nodes) {
      List<Action> running = Actions.findExact(resource.actions, operation.key, node);
      if (node == active) {
        if (!running.isEmpty()) {
          Action cancel = cancel(cluster, resource, operation.name, operation.interval, node);
          if (resource.nextRole == Role.STARTED || resource.nextRole == Role.UNPROMOTED) {
            Orderings.add(
                cluster, cancel, resource, "start", EnumSet.of(OrderFlag.UNRUNNABLE_FIRST_BLOCKS));
          }
        }
        continue;
      }
      Action monitor =
          Actions.custom(
              cluster, resource, operation.key, operation.name, node, !running.isEmpty());
      monitor.put("op_target_rc", "7");
      if (resource.is(Resource.Flag.MANAGED)) {
        orderAfterProbes(resource, node, monitor);
      }
      orderAfterStops(cluster, resource, node, monitor);
      if (!node.online || node.unclean) {
        monitor.set(Action.Flag.RUNNABLE, false);
      }
    }
  }

  private static void orderAfterProbes(Resource resource, Node node, Action action) {
    String key = resource.key("monitor");
    for (Action probe : Actions.find(resource.actions, key, node)) {
      Orderings.link(probe, action, EnumSet.of(OrderFlag.UNRUNNABLE_FIRST_BLOCKS));
    }
  }

  private static void orderAfterStops(
      Cluster cluster, Resource resource, Node node, Action action) {
    String key = resource.key("stop");
    boolean managed = resource.is(Resource.Flag.MANAGED);
    for (Action stop : Actions.findExact(resource.actions, key, node)) {
      if (!stop.is(Action.Flag.OPTIONAL) && !action.is(Action.Flag.OPTIONAL) && !managed) {
        action.set(Action.Flag.OPTIONAL, true);
      }
      if (!stop.is(Action.Flag.RUNNABLE)) {
        action.set(Action.Flag.RUNNABLE, false);
      }
      if (managed) {
        Orderings.add(
            cluster,
            resource,
            stop,
            key,
            null,
            action,
            null,
            EnumSet.of(OrderFlag.FIRST_IMPLIES_THEN, OrderFlag.UNRUNNABLE_FIRST_BLOCKS));
      }
    }
  }

  /// The cancellation of a recurring operation on a node; what stood for its execution becomes it.
  static Action cancel(Cluster cluster, Resource resource, String task, long interval, Node node) {
    Action cancel =
        Actions.custom(
            cluster, resource, Actions.key(resource.id, task, interval), "cancel", node, false);
    cancel.task = "cancel";
    cancel.cancelTask = task;
    cancel.put("operation", task);
    cancel.put("interval", Long.toString(interval));
    return cancel;
  }

  /// Cancels a recurring operation of the history, after a stop of the resource where there is one.
  static void scheduleCancel(
      Cluster cluster,
      Resource resource,
      String callId,
      String task,
      long interval,
      Node node,
      String reason) {
    Action cancel = cancel(cluster, resource, task, interval, node);
    Actions.reason(cancel, reason, false);
    cancel.put("call-id", callId);
    Orderings.add(cluster, resource, "stop", cancel, EnumSet.of(OrderFlag.ORDERED));
  }

  /// Has a recurring operation executed anew, since its parameters changed.
  static void reschedule(
      Cluster cluster, Resource resource, String task, long interval, Node node) {
    Unfencing.trigger(cluster, resource, node, "Device parameters changed (reschedule)", null);
    Actions.custom(cluster, resource, Actions.key(resource.id, task, interval), task, node, true)
        .set(Action.Flag.RESCHEDULE, true);
  }
}
