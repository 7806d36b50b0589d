package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Notification;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Clone;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Clones with `notify`: instances are told before and after instances of theirs start, stop, are
/// promoted or demoted ("Pacemaker Administration", Clone Resource Agent Requirements).
public final class Notifications {
  private Notifications() {}

  static void startAndStop(
      Cluster cluster, Clone clone, Action start, Action running, Action stop, Action stopped) {
    if (!clone.is(Resource.Flag.NOTIFY)) {
      return;
    }
    Notification starts = around(cluster, clone, Tasks.START, start, running);
    Notification stops = around(cluster, clone, Tasks.STOP, stop, stopped);
    clone.notifications.add(starts);
    clone.notifications.add(stops);
    inTurn(stops, starts);
  }

  static void promote(Cluster cluster, Clone clone, Action promote, Action promoted) {
    if (clone.is(Resource.Flag.NOTIFY)) {
      clone.notifications.add(around(cluster, clone, Tasks.PROMOTE, promote, promoted));
    }
  }

  static void demote(Cluster cluster, Clone clone, Action demote, Action demoted) {
    if (!clone.is(Resource.Flag.NOTIFY)) {
      return;
    }
    Notification demotes = around(cluster, clone, Tasks.DEMOTE, demote, demoted);
    Notification starts = clone.notifications.get(0);
    Notification stops = clone.notifications.get(1);
    Notification promotes = clone.notifications.get(2);
    clone.notifications.add(demotes);
    inTurn(stops, promotes);
    inTurn(starts, promotes);
    inTurn(demotes, promotes);
    inTurn(demotes, starts);
    inTurn(demotes, stops);
  }

  private static void inTurn(Notification first, Notification then) {
    if (first.postDone != null && then.pre != null) {
      Orderings.link(first.postDone, then.pre, OrderFlag.ORDERED);
    }
  }

  /// @param action null where only the end of the task is told of
  private static Notification around(
      Cluster cluster, Resource rsc, String task, @Nullable Action action, Action complete) {
    Notification notification = new Notification(task);
    if (action != null) {
      Action pre = told(cluster, rsc, action, Tasks.NOTIFY, "pre", task);
      Action preDone = told(cluster, rsc, action, Tasks.NOTIFIED, "confirmed-pre", task);
      pre.set(Action.Flag.RUNNABLE, true);
      preDone.set(Action.Flag.RUNNABLE, true);
      Orderings.link(pre, preDone, OrderFlag.ORDERED);
      Orderings.link(preDone, action, OrderFlag.ORDERED);
      notification.pre = pre;
      notification.preDone = preDone;
    }
    boolean runnable = complete.is(Action.Flag.RUNNABLE);
    Action post = told(cluster, rsc, complete, Tasks.NOTIFY, "post", task);
    Action postDone = told(cluster, rsc, complete, Tasks.NOTIFIED, "confirmed-post", task);
    for (Action each : List.of(post, postDone)) {
      each.priority = Scores.INFINITY;
      each.set(Action.Flag.RUNNABLE, runnable);
    }
    Orderings.link(complete, post, OrderFlag.FIRST_IMPLIES_THEN);
    Orderings.link(post, postDone, OrderFlag.FIRST_IMPLIES_THEN);
    notification.post = post;
    notification.postDone = postDone;
    if (notification.preDone != null) {
      Orderings.link(notification.preDone, post, OrderFlag.ORDERED);
    }
    return notification;
  }

  private static Action told(
      Cluster cluster, Resource rsc, Action action, String how, String type, String task) {
    Action told =
        Actions.custom(
            cluster, rsc, key(rsc, type, action.task), how, null, action.is(Action.Flag.OPTIONAL));
    told.set(Action.Flag.PSEUDO, true);
    told.put("notify_key_type", type);
    told.put("notify_key_operation", action.task);
    told.put("notify_type", type.endsWith("pre") ? "pre" : "post");
    told.put("notify_operation", task);
    return told;
  }

  private static String key(Resource rsc, String type, String task) {
    return rsc.id + "_" + type + "_notify_" + task + "_0";
  }

  /// Makes the notifications of the instances, once it is known what is done. Has to come before
  /// the clone's actions are put into the graph.
  public static void create(Cluster cluster, Clone clone) {
    for (Notification notification : clone.notifications) {
      forInstances(cluster, clone, notification, new NotifyData(cluster, clone, true));
    }
  }

  /// Notifications of a stop that nobody executes, since the fencing of its node implies it.
  public static void orderAfterFencing(Cluster cluster, Resource rsc, Action stop, Action fence) {
    if (!rsc.is(Resource.Flag.NOTIFY)) {
      return;
    }
    Notification notification = around(cluster, rsc, Tasks.STOP, null, fence);
    NotifyData data = new NotifyData(cluster, rsc, false);
    data.put("notify_stop_resource", rsc.id);
    data.put("notify_stop_uname", stop.node == null ? "" : stop.node.name);
    forInstances(cluster, Family.top(rsc), notification, data);
  }

  private static void forInstances(
      Cluster cluster, Resource rsc, Notification notification, NotifyData data) {
    if (!rsc.children().isEmpty()) {
      for (Resource child : rsc.children()) {
        forInstances(cluster, child, notification, data);
      }
      return;
    }
    for (Action action : rsc.actions) {
      if (!action.is(Action.Flag.OPTIONAL) && action.node != null) {
        switch (action.task) {
          case Tasks.START, Tasks.STOP, Tasks.PROMOTE, Tasks.DEMOTE ->
              data.values().forEach(action::put);
          default -> {}
        }
      }
    }
    switch (notification.task) {
      case Tasks.START, Tasks.PROMOTE -> {
        if (data.any(notification.task)) {
          whereItComes(cluster, rsc, notification, data);
        }
      }
      case Tasks.DEMOTE -> {
        if (data.any(notification.task)) {
          whereItIs(cluster, rsc, notification, data);
        }
      }
      // A stop may be implied by fencing.
      default -> whereItIs(cluster, rsc, notification, data);
    }
  }

  private static void whereItIs(
      Cluster cluster, Resource rsc, Notification notification, NotifyData data) {
    if (rsc.role == Role.STOPPED) {
      return;
    }
    Action stop = newest(rsc, Tasks.STOP);
    boolean implied = stop != null && stop.is(Action.Flag.PSEUDO);
    for (Node node : rsc.runningOn) {
      if (implied && (node.unclean || node.remoteRequiresReset)) {
        continue;
      }
      told(cluster, rsc, node, notification.pre, notification.preDone, data);
      boolean stays = stop == null || stop.is(Action.Flag.OPTIONAL);
      if (stays || notification.task.equals(Tasks.DEMOTE)) {
        toldAfter(cluster, rsc, node, notification, data);
      }
    }
  }

  private static void whereItComes(
      Cluster cluster, Resource rsc, Notification notification, NotifyData data) {
    if (rsc.nextRole == Role.STOPPED || rsc.assignedTo == null) {
      return;
    }
    Action start = newest(rsc, Tasks.START);
    boolean isThere = start == null || start.is(Action.Flag.OPTIONAL);
    if (start != null && !isThere && !start.is(Action.Flag.RUNNABLE)) {
      return;
    }
    if (isThere || notification.task.equals(Tasks.PROMOTE)) {
      told(cluster, rsc, rsc.assignedTo, notification.pre, notification.preDone, data);
    }
    toldAfter(cluster, rsc, rsc.assignedTo, notification, data);
  }

  private static @Nullable Action newest(Resource rsc, String task) {
    List<Action> actions = rsc.actionsOfTask(task);
    return actions.isEmpty() ? null : actions.getLast();
  }

  private static @Nullable Action told(
      Cluster cluster,
      Resource rsc,
      Node node,
      @Nullable Action of,
      @Nullable Action done,
      NotifyData data) {
    if (of == null || done == null || !node.online || !of.is(Action.Flag.RUNNABLE)) {
      return null;
    }
    String type = of.meta.getOrDefault("notify_type", "");
    String task = of.meta.getOrDefault("notify_operation", "");
    Action told =
        Actions.custom(
            cluster, rsc, key(rsc, type, task), of.task, node, of.is(Action.Flag.OPTIONAL));
    SequencedMap<String, String> copied = new LinkedHashMap<>(of.meta);
    copied.putAll(data.values());
    copied.forEach(told::put);
    Orderings.link(of, told, OrderFlag.ORDERED);
    Orderings.link(told, done, OrderFlag.ORDERED);
    return told;
  }

  private static void toldAfter(
      Cluster cluster, Resource rsc, Node node, Notification notification, NotifyData data) {
    Action told = told(cluster, rsc, node, notification.post, notification.postDone, data);
    if (told != null) {
      told.priority = Scores.INFINITY;
    }
    if (notification.postDone == null) {
      return;
    }
    for (Action monitor : rsc.actions) {
      String interval = monitor.meta.get("interval");
      if (interval != null && !interval.equals("0") && !monitor.task.equals(Tasks.CANCEL)) {
        Orderings.link(notification.postDone, monitor, OrderFlag.ORDERED);
      }
    }
  }
}
