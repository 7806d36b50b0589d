package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Ordering;
import io.trivet.scheduler.model.Resource;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/// Puts things in order. An [Ordering] is between tasks that may have no action yet and is applied
/// at the end; [#link] is between two actions, at once.
public final class Orderings {
  private Orderings() {}

  /// `first`'s task before `then`'s task.
  public static void add(
      Cluster cluster,
      Resource first,
      String firstTask,
      Resource then,
      String thenTask,
      EnumSet<OrderFlag> flags) {
    add(cluster, first, null, first.key(firstTask), then, null, then.key(thenTask), flags);
  }

  public static void add(
      Cluster cluster,
      Resource first,
      String firstTask,
      Resource then,
      String thenTask,
      OrderFlag flag,
      OrderFlag... more) {
    add(cluster, first, firstTask, then, thenTask, EnumSet.of(flag, more));
  }

  /// An action before a task.
  public static void add(
      Cluster cluster, Action first, Resource then, String thenTask, EnumSet<OrderFlag> flags) {
    String thenKey = then.key(thenTask);
    add(cluster, first.resource, first, first.key, then, null, thenKey, flags);
  }

  /// A task before an action.
  public static void add(
      Cluster cluster, Resource first, String firstTask, Action then, EnumSet<OrderFlag> flags) {
    String firstKey = first.key(firstTask);
    add(cluster, first, null, firstKey, then.resource, then, then.key, flags);
  }

  /// Either side is an action, or a resource and the key of a task of it.
  public static void add(
      Cluster cluster,
      @Nullable Resource firstResource,
      @Nullable Action first,
      @Nullable String firstKey,
      @Nullable Resource thenResource,
      @Nullable Action then,
      @Nullable String thenKey,
      EnumSet<OrderFlag> flags) {
    Ordering order =
        new Ordering(
            firstResource == null && first != null ? first.resource : firstResource,
            first,
            firstKey == null && first != null ? first.key : firstKey,
            thenResource == null && then != null ? then.resource : thenResource,
            then,
            thenKey == null && then != null ? then.key : thenKey,
            flags);
    order.id = cluster.nextOrderId++;
    cluster.orderings.add(order);
    addForMigration(cluster, order);
  }

  /// Orders one action after another at once, unless they are ordered so already.
  ///
  /// @param flags not to be changed afterwards
  /// @return true if that is new
  public static boolean link(Action first, Action then, EnumSet<OrderFlag> flags) {
    if (first == then || flags.isEmpty() || linked(first, then, flags)) {
      return false;
    }
    first.after.add(new Action.Relation(then, flags));
    then.before.add(new Action.Relation(first, flags));
    return true;
  }

  public static boolean link(Action first, Action then, OrderFlag flag, OrderFlag... more) {
    return link(first, then, EnumSet.of(flag, more));
  }

  /// True if they are ordered with one of these flags. Looks at what first is ordered before, or,
  /// where that is the longer list, at the other side of the same relations.
  private static boolean linked(Action first, Action then, EnumSet<OrderFlag> flags) {
    if (first.after.size() <= LOOK_THROUGH || first.after.size() <= then.before.size()) {
      return linked(first.after, then, flags);
    }
    for (Action.Relation relation : then.before) {
      if (relation.action == first) {
        return linked(first.after, then, flags);
      }
    }
    return false;
  }

  private static final int LOOK_THROUGH = 16;

  private static boolean linked(
      Iterable<Action.Relation> after, Action then, EnumSet<OrderFlag> flags) {
    for (Action.Relation relation : after) {
      if (relation.action == then) {
        for (OrderFlag flag : flags) {
          if (relation.flags.contains(flag)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// What is migrated live is neither stopped nor started: orders with its stop or start count for
  /// the migration in their place.
  private static void addForMigration(Cluster cluster, Ordering order) {
    Resource first = order.firstResource;
    Resource then = order.thenResource;
    if (first == null || then == null || first == then) {
      return;
    }
    boolean firstMigratable = first.is(Resource.Flag.MIGRATABLE);
    boolean thenMigratable = then.is(Resource.Flag.MIGRATABLE);
    if (!firstMigratable && !thenMigratable
        || Family.isAncestor(first, then)
        || Family.isAncestor(then, first)) {
      return;
    }
    EnumSet<OrderFlag> ordered = EnumSet.of(OrderFlag.ORDERED);
    EnumSet<OrderFlag> unlessMigrated =
        firstMigratable ? EnumSet.of(OrderFlag.ORDERED, OrderFlag.IF_FIRST_UNMIGRATABLE) : ordered;
    boolean partial = then.partialMigrationTarget != null;
    if (tasks(order, Tasks.START, Tasks.START)) {
      if (firstMigratable && thenMigratable) {
        add(cluster, first, Tasks.MIGRATE_FROM, then, Tasks.MIGRATE_TO, ordered);
      }
      if (thenMigratable) {
        add(cluster, first, Tasks.START, then, Tasks.MIGRATE_TO, unlessMigrated);
      }
    } else if (thenMigratable && tasks(order, Tasks.STOP, Tasks.STOP)) {
      add(cluster, first, Tasks.STOP, then, Tasks.MIGRATE_TO, unlessMigrated);
      if (partial) {
        add(cluster, first, Tasks.STOP, then, Tasks.MIGRATE_FROM, unlessMigrated);
      }
    } else if (thenMigratable && tasks(order, Tasks.PROMOTE, Tasks.START)) {
      add(cluster, first, Tasks.PROMOTE, then, Tasks.MIGRATE_TO, ordered);
    } else if (thenMigratable && tasks(order, Tasks.DEMOTE, Tasks.STOP)) {
      add(cluster, first, Tasks.DEMOTE, then, Tasks.MIGRATE_TO, ordered);
      if (partial) {
        add(cluster, first, Tasks.DEMOTE, then, Tasks.MIGRATE_FROM, ordered);
      }
    }
  }

  private static boolean tasks(Ordering order, String firstTask, String thenTask) {
    return is(order.firstTask, firstTask) && is(order.thenTask, thenTask);
  }

  /// True if the key is one of that task, done once.
  private static boolean is(@Nullable String key, String task) {
    if (key == null || !key.endsWith("_0")) {
      return false;
    }
    int end = key.length() - 2;
    int start = end - task.length();
    return start > 0 && key.charAt(start - 1) == '_' && key.startsWith(task, start);
  }
}
