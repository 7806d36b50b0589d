package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes actions, or finds those that were made already.
///
/// There is one action for a key (`resource_task_interval`) on a node. Whether it can be executed
/// follows from the node, from what the operation needs (quorum, fencing) and from the policy
/// without quorum ("Pacemaker Explained", Cluster-Wide Configuration and Resource Operations).
public final class Actions {
  private Actions() {}

  /// `resource_task_interval`.
  public static String key(String resource, String task, long intervalMillis) {
    return resource + "_" + task + "_" + intervalMillis;
  }

  /// The action of that key on that node; made if there is none yet. Its meta-attributes, whether
  /// it is runnable and what its failure means are filled in.
  ///
  /// @param optional true if nothing asks for it to be done so far
  public static Action custom(
      Cluster cluster,
      @Nullable Resource resource,
      String key,
      String task,
      @Nullable Node node,
      boolean optional) {
    Action action = resource == null ? null : resource.actionOn(key, node);
    if (action == null) {
      action = create(cluster, resource, key, task, node, optional);
    }
    if (resource != null && outOfHand(action, resource)) {
      action.set(Action.Flag.OPTIONAL, true);
    } else if (!optional) {
      action.set(Action.Flag.OPTIONAL, false);
    }
    if (resource != null) {
      updateRunnable(cluster, action, resource);
    }
    return action;
  }

  /// The action of a resource's task, with its usual key.
  public static Action of(
      Cluster cluster, Resource resource, String task, @Nullable Node node, boolean optional) {
    return custom(cluster, resource, resource.key(task), task, node, optional);
  }

  /// A pseudo-action of a resource.
  public static Action pseudo(
      Cluster cluster, Resource resource, String task, boolean optional, boolean runnable) {
    Action action = of(cluster, resource, task, null, optional);
    action.set(Action.Flag.PSEUDO, true);
    if (runnable) {
      action.set(Action.Flag.RUNNABLE, true);
    }
    return action;
  }

  /// A pseudo-action of the cluster, one for each name; optional until something asks for it.
  public static Action pseudo(Cluster cluster, String name) {
    Action action = cluster.singletons.get(name);
    if (action == null) {
      action = custom(cluster, null, name, name, null, true);
      action.set(Action.Flag.PSEUDO, true);
      action.set(Action.Flag.RUNNABLE, true);
      cluster.singletons.put(name, action);
    }
    return action;
  }

  /// The fencing of a node (`stonith-NODE-off|reboot|on`); found or made.
  ///
  /// @param action `off`, `reboot`, `on`; null for the cluster's configured one
  /// @param priorityDelay true if `priority-fencing-delay` may count
  public static Action fence(
      Cluster cluster,
      Node node,
      @Nullable String action,
      boolean optional,
      @Nullable String reason,
      boolean priorityDelay) {
    return FenceActions.fence(cluster, node, action, optional, reason, priorityDelay);
  }

  /// Marks a node as one that has to be fenced, a guest by its container's recovery.
  public static void fenceNode(Cluster cluster, Node node, String reason, boolean priorityDelay) {
    FenceActions.fenceNode(cluster, node, reason, priorityDelay);
  }

  /// True if the cluster is able to fence the node.
  public static boolean canFence(Cluster cluster, Node node) {
    return FenceActions.canFence(cluster, node);
  }

  /// Schedules that the fail count of the resource on the node is cleared.
  public static Action clearFailCount(
      Cluster cluster, Resource resource, Node node, String reason) {
    Action clear = of(cluster, resource, "clear_failcount", node, false);
    clear.put("op_no_wait", "true");
    return clear;
  }

  /// Says why the action is done, or is not.
  ///
  /// @param overwrite false where an earlier reason stays
  public static void reason(Action action, @Nullable String reason, boolean overwrite) {
    if (overwrite || action.reason == null) {
      action.reason = reason;
    }
  }

  /// The actions of that key in the list, oldest first; with a node, those on it. An action without
  /// a node that is asked for with one is placed there.
  public static List<Action> find(List<Action> actions, String key, @Nullable Node node) {
    List<Action> found = new ArrayList<>();
    for (Action action : actions) {
      if (action.key.equals(key)) {
        if (node != null && action.node == null) {
          action.node = node;
        }
        if (node == null || action.node == node) {
          found.add(action);
        }
      }
    }
    return found;
  }

  /// The actions of that key on that node, oldest first; none where there is no node.
  public static List<Action> findExact(List<Action> actions, String key, @Nullable Node node) {
    List<Action> found = new ArrayList<>();
    if (node == null) {
      return found;
    }
    for (Action action : actions) {
      if (action.node == node && action.key.equals(key)) {
        found.add(action);
      }
    }
    return found;
  }

  /// The newest action in the list with that key (null for any), task (null for any) and node (null
  /// for any), or null.
  public static @Nullable Action first(
      List<Action> actions, @Nullable String key, @Nullable String task, @Nullable Node node) {
    for (Action action : actions.reversed()) {
      boolean matches =
          (key == null || action.key.equals(key)) && (task == null || action.task.equals(task));
      if (matches && (node == null || action.node == node)) {
        return action;
      }
    }
    return null;
  }

  private static Action create(
      Cluster cluster,
      @Nullable Resource resource,
      String key,
      String task,
      @Nullable Node node,
      boolean optional) {
    Action action = new Action(cluster.nextActionId++, resource, node, task, key);
    action.set(Action.Flag.RUNNABLE, true);
    action.set(Action.Flag.OPTIONAL, optional);
    // The history of a resource on a node can be deleted by the DC.
    action.set(Action.Flag.ON_DC, task.equals("lrm_delete"));
    cluster.actions.add(action);
    if (resource != null) {
      action.intervalMillis = interval(key);
      ActionMeta.unpack(cluster, action, resource);
      resource.actions.add(action);
    }
    return action;
  }

  private static long interval(String key) {
    long value = 0;
    long digit = 1;
    int at = key.length() - 1;
    while (at >= 0
        && key.charAt(at) >= '0'
        && key.charAt(at) <= '9'
        && digit <= 1_000_000_000_000L) {
      value += digit * (key.charAt(at) - '0');
      digit *= 10;
      at--;
    }
    return at >= 0 && key.charAt(at) == '_' ? value : 0;
  }

  /// An unmanaged resource is left alone, but for its monitors.
  private static boolean outOfHand(Action action, Resource resource) {
    return action.node != null
        && !action.is(Action.Flag.PSEUDO)
        && !resource.is(Resource.Flag.MANAGED)
        && action.meta.get("interval") == null;
  }

  private static void updateRunnable(Cluster cluster, Action action, Resource resource) {
    if (action.is(Action.Flag.PSEUDO)) {
      return;
    }
    Node node = action.node;
    boolean onNode = !action.is(Action.Flag.ON_DC);
    if (node == null) {
      action.set(Action.Flag.RUNNABLE, false);
    } else if (onNode && !node.online && (!node.isGuest() || node.remoteRequiresReset)) {
      action.set(Action.Flag.RUNNABLE, false);
      if (resource.is(Resource.Flag.MANAGED) && action.task.equals("stop") && !node.unclean) {
        fenceNode(cluster, node, "stop is unrunnable", false);
      }
    } else if (onNode && node.pending) {
      action.set(Action.Flag.RUNNABLE, false);
    } else if (action.needs == Action.Needs.NOTHING) {
      action.reason = null;
      action.set(Action.Flag.RUNNABLE, !node.isGuest() || FenceActions.canFence(cluster, node));
    } else {
      applyQuorumPolicy(cluster, action, resource);
    }
  }

  private static void applyQuorumPolicy(Cluster cluster, Action action, Resource resource) {
    switch (quorumPolicy(cluster, resource)) {
      case STOP -> {
        action.set(Action.Flag.RUNNABLE, false);
        action.reason = "no quorum";
      }
      case FREEZE -> {
        if (!Resources.active(resource, true) || resource.nextRole.compareTo(resource.role) > 0) {
          action.set(Action.Flag.RUNNABLE, false);
          action.reason = "quorum freeze";
        }
      }
      case IGNORE, DEMOTE, FENCE -> action.set(Action.Flag.RUNNABLE, true);
    }
  }

  private static Cluster.NoQuorum quorumPolicy(Cluster cluster, Resource resource) {
    if (cluster.is(Cluster.Flag.HAVE_QUORUM)) {
      return Cluster.NoQuorum.IGNORE;
    }
    if (cluster.noQuorum != Cluster.NoQuorum.DEMOTE) {
      return cluster.noQuorum;
    }
    if (resource.role != Role.PROMOTED && resource.role != Role.UNPROMOTED) {
      return Cluster.NoQuorum.STOP;
    }
    if (resource.nextRole.compareTo(Role.UNPROMOTED) > 0) {
      Resources.nextRole(resource, Role.UNPROMOTED, "no-quorum-policy=demote");
    }
    return Cluster.NoQuorum.IGNORE;
  }
}
