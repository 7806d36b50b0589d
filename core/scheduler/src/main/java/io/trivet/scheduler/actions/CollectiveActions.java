package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.model.Resource.Clone;
import io.trivet.scheduler.model.Resource.Group;
import io.trivet.scheduler.model.Scores;
import java.util.EnumSet;
import java.util.List;

/// Actions of what consists of several resources: those of its parts, and pseudo-actions of the
/// whole, such as `start` (it begins to start) and `running` (all that shall start have started),
/// with which others can be ordered.
final class CollectiveActions {
  private CollectiveActions() {}

  static void group(Cluster cluster, Group group) {
    group.members.forEach(member -> Scheduling.createActions(cluster, member));
    for (String task : List.of(Tasks.START, Tasks.RUNNING, Tasks.STOP, Tasks.STOPPED)) {
      Actions.pseudo(cluster, group, task, true, true);
    }
    if (Family.promotable(group)) {
      for (String task : List.of(Tasks.DEMOTE, Tasks.DEMOTED, Tasks.PROMOTE, Tasks.PROMOTED)) {
        Actions.pseudo(cluster, group, task, true, true);
      }
    }
  }

  static void clone(Cluster cluster, Clone clone) {
    instances(cluster, clone, clone.instances);
    if (clone.promotable) {
      boolean promoting = anyRequired(clone, Tasks.PROMOTE);
      boolean demoting = anyRequired(clone, Tasks.DEMOTE);
      Action promote = Actions.pseudo(cluster, clone, Tasks.PROMOTE, !promoting, true);
      Action promoted = done(cluster, clone, Tasks.PROMOTED, !promoting, true);
      Notifications.promote(cluster, clone, promote, promoted);
      Action demote = Actions.pseudo(cluster, clone, Tasks.DEMOTE, !demoting, true);
      Action demoted = done(cluster, clone, Tasks.DEMOTED, !demoting, true);
      Notifications.demote(cluster, clone, demote, demoted);
      resetPriorities(clone, clone.priority);
    }
  }

  static void bundle(Cluster cluster, Bundle bundle) {
    for (Bundle.Replica replica : bundle.replicas) {
      for (Resource part : new Resource[] {replica.ip, replica.container, replica.remote}) {
        if (part != null) {
          Scheduling.createActions(cluster, part);
        }
      }
    }
    instances(cluster, bundle, Family.containers(bundle));
    Clone clone = bundle.clone;
    if (clone == null) {
      return;
    }
    Scheduling.createActions(cluster, clone);
    if (clone.promotable) {
      Actions.pseudo(cluster, bundle, Tasks.PROMOTE, true, true);
      done(cluster, bundle, Tasks.PROMOTED, true, true);
      Actions.pseudo(cluster, bundle, Tasks.DEMOTE, true, true);
      done(cluster, bundle, Tasks.DEMOTED, true, true);
    }
  }

  /// What the instances do, seen as one.
  private enum State {
    ACTIVE,
    STARTING,
    STOPPING,
    RESTARTING
  }

  private static void instances(
      Cluster cluster, Resource whole, List<? extends Resource> instances) {
    EnumSet<State> state = EnumSet.noneOf(State.class);
    for (Resource instance : instances) {
      Scheduling.createActions(cluster, instance);
      addState(instance, state);
    }
    boolean starting = state.contains(State.STARTING);
    boolean stopping = state.contains(State.STOPPING);
    Action start = Actions.pseudo(cluster, whole, Tasks.START, !starting, true);
    Action running =
        done(cluster, whole, Tasks.RUNNING, !starting, starting || state.contains(State.ACTIVE));
    Action stop = Actions.pseudo(cluster, whole, Tasks.STOP, !stopping, true);
    Action stopped = done(cluster, whole, Tasks.STOPPED, !stopping, true);
    if (!state.contains(State.RESTARTING)) {
      stop.set(Action.Flag.MIGRATABLE, true);
    }
    if (whole instanceof Clone clone) {
      Notifications.startAndStop(cluster, clone, start, running, stop, stopped);
    }
  }

  /// A pseudo-action that says that something is done; not given up when a transition is aborted.
  private static Action done(
      Cluster cluster, Resource whole, String task, boolean optional, boolean runnable) {
    Action done = Actions.pseudo(cluster, whole, task, optional, runnable);
    done.priority = Scores.INFINITY;
    return done;
  }

  private static void addState(Resource instance, EnumSet<State> state) {
    if (!instance.children().isEmpty()) {
      instance.children().forEach(child -> addState(child, state));
      return;
    }
    if (!instance.runningOn.isEmpty()) {
      state.add(State.ACTIVE);
    }
    boolean starts = false;
    boolean stops = false;
    for (Action action : instance.actions) {
      if (action.is(Action.Flag.OPTIONAL)) {
        continue;
      }
      boolean runnable = action.is(Action.Flag.RUNNABLE);
      starts |= action.task.equals(Tasks.START) && runnable;
      // A stop that is implied by fencing is a pseudo-action.
      stops |= action.task.equals(Tasks.STOP) && (runnable || action.is(Action.Flag.PSEUDO));
    }
    if (starts) {
      state.add(State.STARTING);
    }
    if (stops) {
      state.add(State.STOPPING);
    }
    if (starts && stops) {
      state.add(State.RESTARTING);
    }
  }

  private static boolean anyRequired(Resource resource, String task) {
    if (!resource.children().isEmpty()) {
      for (Resource child : resource.children()) {
        if (anyRequired(child, task)) {
          return true;
        }
      }
      return false;
    }
    for (Action action : resource.actionsOfTask(task)) {
      if (!action.is(Action.Flag.OPTIONAL)) {
        return true;
      }
    }
    return false;
  }

  /// While roles were given out, instances had priorities of their own.
  private static void resetPriorities(Clone clone, int priority) {
    for (Resource instance : clone.instances) {
      instance.priority = priority;
    }
  }
}
