package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Ordering;
import io.trivet.scheduler.model.Resource;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes orderings: of tasks, whose actions are looked up later, or of two actions at once.
public final class Orderings {
  private Orderings() {}

  /// An ordering whose sides are an action, or a resource with the key of one of its actions. Where
  /// an action is given, its resource and key stand in for those that are not.
  public static Ordering add(
      Cluster cluster,
      @Nullable Resource firstResource,
      @Nullable String firstKey,
      @Nullable Action first,
      @Nullable Resource thenResource,
      @Nullable String thenKey,
      @Nullable Action then,
      EnumSet<OrderFlag> flags) {
    Ordering ordering =
        new Ordering(
            firstResource == null && first != null ? first.resource : firstResource,
            first,
            firstKey == null && first != null ? first.key : firstKey,
            thenResource == null && then != null ? then.resource : thenResource,
            then,
            thenKey == null && then != null ? then.key : thenKey,
            EnumSet.copyOf(flags));
    ordering.id = cluster.nextOrderId++;
    cluster.orderings.add(ordering);
    return ordering;
  }

  /// Orders a task of a resource before one of another, both of interval 0.
  public static Ordering tasks(
      Cluster cluster,
      Resource firstResource,
      String firstTask,
      Resource thenResource,
      String thenTask,
      EnumSet<OrderFlag> flags) {
    return add(
        cluster,
        firstResource,
        Actions.key(firstResource.id, firstTask, 0),
        null,
        thenResource,
        Actions.key(thenResource.id, thenTask, 0),
        null,
        flags);
  }

  /// Orders an action before a task of a resource.
  public static Ordering actionThenTask(
      Cluster cluster, Action first, Resource resource, String task, EnumSet<OrderFlag> flags) {
    return add(
        cluster, null, null, first, resource, Actions.key(resource.id, task, 0), null, flags);
  }

  /// Orders a task of a resource before an action.
  public static Ordering taskThenAction(
      Cluster cluster, Resource resource, String task, Action then, EnumSet<OrderFlag> flags) {
    return add(cluster, resource, Actions.key(resource.id, task, 0), null, null, null, then, flags);
  }

  /// Puts two actions in relation at once.
  ///
  /// @return false if they are in such a relation already, or one of them is none
  public static boolean actions(
      @Nullable Action first, @Nullable Action then, EnumSet<OrderFlag> flags) {
    if (first == null || then == null || flags.isEmpty() || first == then) {
      return false;
    }
    // Whichever list is the shorter tells whether they are in relation.
    boolean forward = first.after.size() <= then.before.size();
    List<Action.Relation> relations = forward ? first.after : then.before;
    Action other = forward ? then : first;
    for (Action.Relation relation : relations) {
      if (relation.action == other && intersects(relation.flags, flags)) {
        return false;
      }
    }
    first.after.add(new Action.Relation(then, EnumSet.copyOf(flags)));
    then.before.add(new Action.Relation(first, EnumSet.copyOf(flags)));
    return true;
  }

  private static boolean intersects(EnumSet<OrderFlag> a, EnumSet<OrderFlag> b) {
    for (OrderFlag flag : a) {
      if (b.contains(flag)) {
        return true;
      }
    }
    return false;
  }
}
