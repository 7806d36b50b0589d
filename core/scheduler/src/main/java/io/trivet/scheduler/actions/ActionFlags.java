package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Action.Flag;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.model.Resource.Clone;
import io.trivet.scheduler.model.Resource.Group;
import io.trivet.scheduler.model.Resource.Primitive;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether an action is optional, runnable, migratable; for the pseudo-actions of collective
/// resources that follows from those of their parts, and is written into them.
public final class ActionFlags {
  static final int OPTIONAL = 1;
  static final int RUNNABLE = 2;
  static final int MIGRATABLE = 4;

  private ActionFlags() {}

  /// Brings a pseudo-action up to date with the parts of its resource.
  public static void refresh(Action action) {
    of(action, null);
  }

  /// The action's flags, as bits.
  ///
  /// @param node for a clone: only what its instances do there counts; null for all
  static int of(Action action, @Nullable Node node) {
    Resource resource = action.resource;
    return switch (resource) {
      case null -> own(action);
      case Primitive _ -> own(action);
      case Group group -> ofGroup(action, group, node);
      case Clone clone -> ofInstances(action, clone.instances, node);
      case Bundle bundle -> ofBundle(action, bundle, node);
    };
  }

  /// The same, as orderings see it: an action of a clone is runnable if it is so anywhere.
  static int forOrdering(Action action, @Nullable Node node) {
    int flags = of(action, null);
    if (node == null || !(action.resource instanceof Clone)) {
      return flags;
    }
    return of(action, node) | (flags & RUNNABLE);
  }

  private static int own(Action action) {
    return (action.is(Flag.OPTIONAL) ? OPTIONAL : 0)
        | (action.is(Flag.RUNNABLE) ? RUNNABLE : 0)
        | (action.is(Flag.MIGRATABLE) ? MIGRATABLE : 0);
  }

  private static int ofGroup(Action action, Group group, @Nullable Node node) {
    int flags = OPTIONAL | RUNNABLE;
    for (Resource member : group.members) {
      String task = taskOf(member, action.task);
      Action part = newest(member, task, node);
      if (part == null) {
        if (!task.equals(Tasks.STOP) && !task.equals(Tasks.DEMOTE)) {
          flags &= ~RUNNABLE;
        }
        continue;
      }
      int partFlags = of(part, node);
      if ((flags & OPTIONAL) != 0 && (partFlags & OPTIONAL) == 0) {
        flags &= ~OPTIONAL;
        action.set(Flag.OPTIONAL, false);
      }
      boolean end = !task.equals(action.task);
      if (end && (flags & RUNNABLE) != 0 && (partFlags & RUNNABLE) == 0) {
        flags &= ~RUNNABLE;
        action.set(Flag.RUNNABLE, false);
      }
    }
    return flags;
  }

  private static int ofBundle(Action action, Bundle bundle, @Nullable Node node) {
    if (bundle.clone != null) {
      switch (action.task) {
        case Tasks.NOTIFY,
            Tasks.NOTIFIED,
            Tasks.PROMOTE,
            Tasks.PROMOTED,
            Tasks.DEMOTE,
            Tasks.DEMOTED -> {
          return ofInstances(action, bundle.clone.instances, node);
        }
        default -> {}
      }
    }
    return ofInstances(action, Family.containers(bundle), node);
  }

  private static int ofInstances(
      Action action, List<? extends Resource> instances, @Nullable Node node) {
    int flags = OPTIONAL | RUNNABLE;
    boolean anyRunnable = false;
    String task = instances.isEmpty() ? action.task : originalTask(action, instances.getFirst());
    for (Resource instance : instances) {
      Node where = instance instanceof Primitive ? node : null;
      Action part = newest(instance, task, where);
      if (part == null) {
        continue;
      }
      int partFlags = of(part, node);
      if ((flags & OPTIONAL) != 0 && (partFlags & OPTIONAL) == 0) {
        flags &= ~OPTIONAL;
        action.set(Flag.OPTIONAL, false);
      }
      anyRunnable |= (partFlags & RUNNABLE) != 0;
    }
    if (!anyRunnable) {
      flags &= ~RUNNABLE;
      if (node == null) {
        action.set(Flag.RUNNABLE, false);
      }
    }
    return flags;
  }

  /// The task of the instances that a pseudo-action of the whole is about.
  static String originalTask(Action action, Resource instance) {
    String task = action.task;
    if (task.equals(Tasks.NOTIFY) || task.equals(Tasks.NOTIFIED)) {
      String told = "_notify_";
      int at = action.key.indexOf(told);
      int end = action.key.lastIndexOf('_');
      if (at >= 0 && end > at + told.length()) {
        task = action.key.substring(at + told.length(), end);
      }
    }
    return taskOf(instance, task);
  }

  /// For a primitive there is only `start`, not `running`.
  private static String taskOf(Resource part, String task) {
    return part instanceof Primitive ? Tasks.begun(task) : task;
  }

  /// The newest action of that task, on that node where one is given.
  static @Nullable Action newest(Resource resource, String task, @Nullable Node node) {
    List<Action> actions = resource.actionsOfTask(task);
    for (int i = actions.size() - 1; i >= 0; i--) {
      if (node == null || actions.get(i).node == node) {
        return actions.get(i);
      }
    }
    return null;
  }
}
