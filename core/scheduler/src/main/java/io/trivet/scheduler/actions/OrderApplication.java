package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Ordering;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Applies the orderings: finds the actions that they are about, and then lets what each says about
/// being required, runnable or migratable go from action to action until nothing changes.
public final class OrderApplication {
  private final Cluster cluster;

  private OrderApplication(Cluster cluster) {
    this.cluster = cluster;
  }

  public static void apply(Cluster cluster) {
    OrderApplication application = new OrderApplication(cluster);
    for (int i = 0; i < cluster.orderings.size(); i++) {
      application.expand(cluster.orderings.get(i));
    }
    OrderUpdates updates = new OrderUpdates();
    List<Action> newestFirst = List.copyOf(cluster.actions).reversed();
    for (Action action : newestFirst) {
      updates.blockDependents(action);
    }
    Probes.order(cluster);
    List<Action> all = List.copyOf(cluster.actions).reversed();
    for (Action action : all) {
      updates.update(action);
    }
    updates.finish();
    OrderLoops.disableInvalid(cluster);
  }

  // From tasks to actions

  private void expand(Ordering order) {
    Resource then = order.thenResource;
    if (order.firstResource != null) {
      expandFirst(order.firstResource, order);
    } else if (then != null) {
      expandThen(order.first, then, order);
    } else if (order.first != null && order.then != null) {
      Orderings.link(order.first, order.then, order.flags);
    }
  }

  private void expandFirst(Resource firstResource, Ordering order) {
    if (order.first != null) {
      expandOne(order.first, order);
      return;
    }
    for (Action first : find(firstResource, order)) {
      expandOne(first, order);
    }
  }

  private static void expandOne(Action first, Ordering order) {
    if (order.thenResource != null) {
      expandThen(first, order.thenResource, order);
    } else if (order.then != null) {
      Orderings.link(first, order.then, order.flags);
    }
  }

  /// The actions of the first task. One that nobody needs is made where it is of another resource,
  /// so that what comes after it is blocked by its not being possible; but not the stop of what is
  /// stopped.
  private List<Action> find(Resource first, Ordering order) {
    String key = order.firstTask;
    if (key == null) {
      return List.of();
    }
    List<Action> found = byKey(first, key);
    if (!found.isEmpty()) {
      return found;
    }
    String task = TaskKey.task(key);
    Role role = Family.role(first, true);
    Resource then = order.thenResource;
    if (then == null && order.then != null) {
      then = order.then.resource;
    }
    if (task == null
        || first == then
        || (role == Role.STOPPED && task.equals(Tasks.STOP))
        || (role == Role.UNPROMOTED && task.equals(Tasks.DEMOTE))) {
      return List.of();
    }
    String ownKey = Actions.key(first.id, task, TaskKey.interval(key));
    return List.of(Actions.custom(cluster, first, ownKey, task, null, true));
  }

  private static List<Action> byKey(Resource resource, String key) {
    List<Action> found = resource.actionsOfKey(key);
    if (found.isEmpty() && !resource.isKey(key)) {
      String task = TaskKey.task(key);
      if (task != null) {
        found = resource.actionsOfKey(Actions.key(resource.id, task, TaskKey.interval(key)));
      }
    }
    return found;
  }

  private static void expandThen(@Nullable Action first, Resource then, Ordering order) {
    EnumSet<OrderFlag> flags = order.flags;
    if (first != null && first.resource == then && first.is(Action.Flag.MIGRATION_ABORT)) {
      flags = EnumSet.copyOf(flags);
      flags.remove(OrderFlag.FIRST_IMPLIES_THEN);
    }
    if (order.then != null) {
      expandPair(first, order.then, flags);
    } else if (order.thenTask != null) {
      for (Action each : byKey(then, order.thenTask)) {
        expandPair(first, each, flags);
      }
    }
  }

  private static void expandPair(@Nullable Action first, Action then, EnumSet<OrderFlag> flags) {
    if (first != null) {
      Orderings.link(first, then, flags);
    } else if (flags.contains(OrderFlag.FIRST_IMPLIES_THEN)) {
      then.set(Action.Flag.RUNNABLE, false);
    }
  }
}
