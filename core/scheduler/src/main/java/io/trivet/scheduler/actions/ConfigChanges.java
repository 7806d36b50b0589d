package io.trivet.scheduler.actions;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.unpack.FailCounts;
import io.trivet.scheduler.unpack.HistoryOrder;
import io.trivet.scheduler.unpack.Operations;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What follows from parameters and agents that changed since an operation was executed: restart,
/// reload ("Pacemaker Explained", Reloading an Agent After a Definition Change), another schedule
/// or the cancellation of a recurring operation, and clean-up of the history of what is no longer
/// configured.
public final class ConfigChanges {
  private ConfigChanges() {}

  /// Compares the history of every node that can run actions with the configuration.
  public static void handle(Cluster cluster) {
    SequencedMap<String, List<Resource.Primitive>> byHistoryId = byHistoryId(cluster);
    for (Node node : cluster.nodes) {
      Element state = node.state;
      if (state == null || !(node.maintenance || usable(node))) {
        continue;
      }
      Element lrm = state.child("lrm");
      Element resources = lrm == null ? null : lrm.child("lrm_resources");
      if (resources == null) {
        continue;
      }
      for (Element history : resources.children("lrm_resource")) {
        if (!history.children().isEmpty()) {
          for (Resource.Primitive p : byHistoryId.getOrDefault(history.id(), List.of())) {
            compare(cluster, history, p, node);
          }
        }
      }
    }
  }

  private static boolean usable(Node node) {
    return node.online && !node.shutdown && !node.unclean && !node.standby && !node.maintenance;
  }

  /// All primitives that a history of that id can mean, the last first.
  private static SequencedMap<String, List<Resource.Primitive>> byHistoryId(Cluster cluster) {
    SequencedMap<String, List<Resource.Primitive>> found = new LinkedHashMap<>();
    for (Resource top : cluster.resources) {
      for (Resource resource : top.flattened()) {
        if (resource instanceof Resource.Primitive p) {
          found.computeIfAbsent(p.id, k -> new ArrayList<>(1)).addFirst(p);
          if (!p.historyId.equals(p.id)) {
            found.computeIfAbsent(p.historyId, k -> new ArrayList<>(1)).addFirst(p);
          }
        }
      }
    }
    return found;
  }

  private static void compare(
      Cluster cluster, Element history, Resource.Primitive resource, Node node) {
    if (resource.is(Resource.Flag.REMOVED)) {
      boolean instance =
          resource.topInBundle() instanceof Resource.Clone clone
              && !clone.is(Resource.Flag.GLOBALLY_UNIQUE);
      if (!instance) {
        PrimitiveActions.cleanUp(cluster, resource, node, false);
      }
      return;
    }
    boolean active = resource.runningOn.contains(node);
    if (agentChanged(cluster, resource, node, history, active)) {
      PrimitiveActions.cleanUp(cluster, resource, node, false);
    }
    if (!active) {
      return;
    }
    List<Element> operations = HistoryOrder.sorted(history);
    ActiveRange range = ActiveRange.of(operations);
    for (int i = 0; i < operations.size(); i++) {
      if (range.contains(i)) {
        compareOperation(cluster, operations.get(i), resource, node);
      }
    }
  }

  private static void compareOperation(
      Cluster cluster, Element operation, Resource.Primitive resource, Node node) {
    String task = operation.get("operation", "");
    long interval = Operations.recordedInterval(operation);
    if (interval > 0 && (resource.is(Resource.Flag.MAINTENANCE) || node.maintenance)) {
      Recurring.scheduleCancel(
          cluster,
          resource,
          operation.get("call-id", ""),
          task,
          interval,
          node,
          "maintenance mode");
      return;
    }
    boolean compared =
        interval > 0
            || task.equals("monitor")
            || task.equals("start")
            || task.equals("promote")
            || task.equals("migrate_from");
    if (!compared) {
      return;
    }
    if (Resources.needsBundleAddress(cluster, resource)) {
      // The address is that of the node that it will be assigned to.
      cluster.parameterChecks.add(new Cluster.ParameterCheck(resource, node, operation, false));
    } else if (changed(cluster, resource, node, operation)
        && FailCounts.count(cluster, node, resource, true, false) != 0) {
      Actions.clearFailCount(cluster, resource, node, "action definition changed");
    }
  }

  /// Makes up for the comparisons that had to wait until resources are assigned.
  public static void handleDeferred(Cluster cluster) {
    for (Cluster.ParameterCheck check : cluster.parameterChecks) {
      String reason = null;
      if (check.lastFailure()) {
        switch (Digests.compare(cluster, check.resource(), check.operation(), check.node())) {
          case UNKNOWN, MATCH -> {}
          case MISMATCH, RESTART -> reason = "resource parameters have changed";
        }
      } else if (changed(cluster, check.resource(), check.node(), check.operation())
          && FailCounts.count(cluster, check.node(), check.resource(), true, false) != 0) {
        reason = "action definition changed";
      }
      if (reason != null) {
        Actions.clearFailCount(cluster, check.resource(), check.node(), reason);
      }
    }
    cluster.parameterChecks.clear();
  }

  /// Does what a change of the operation asks for.
  ///
  /// @return true if there is one
  private static boolean changed(
      Cluster cluster, Resource.Primitive resource, Node node, Element operation) {
    String task = operation.get("operation", "");
    long interval = Operations.recordedInterval(operation);
    if (interval > 0 && Operations.find(resource, task, interval) == null) {
      if (cluster.is(Cluster.Flag.CANCEL_REMOVED_ACTIONS)) {
        Recurring.scheduleCancel(
            cluster, resource, operation.get("call-id", ""), task, interval, node, "orphan");
      }
      return true;
    }
    Digests.Result result = Digests.compare(cluster, resource, operation, node);
    if (result == Digests.Result.MATCH
        || Digests.onlySecretsChanged(cluster, resource, operation, node)) {
      return false;
    }
    if (result == Digests.Result.RESTART) {
      forceRestart(cluster, resource, task, interval, node);
    } else if (interval > 0) {
      // The next run uses the new parameters.
      Recurring.reschedule(cluster, resource, task, interval, node);
    } else if (operation.get("op-restart-digest") != null) {
      Unfencing.trigger(cluster, resource, node, "Device parameters changed (reload)", null);
      reload(cluster, resource, node);
    } else {
      forceRestart(cluster, resource, task, interval, node);
    }
    return true;
  }

  private static void forceRestart(
      Cluster cluster, Resource.Primitive resource, String task, long interval, Node node) {
    // What is executed once is done anew with a start.
    boolean once =
        interval == 0
            && (task.equals("monitor") || task.equals("promote") || task.equals("migrate_from"));
    String again = once ? "start" : task;
    String key = Actions.key(resource.id, again, interval);
    Action required = Actions.custom(cluster, resource, key, again, null, false);
    required.reason = "resource definition change";
    Unfencing.trigger(cluster, resource, node, "Device parameters changed", null);
  }

  private static void reload(Cluster cluster, Resource.Primitive resource, Node node) {
    if (!resource.is(Resource.Flag.MANAGED) || resource.is(Resource.Flag.FAILED)) {
      return;
    }
    if (resource.is(Resource.Flag.START_PENDING)) {
      // Which parameters the pending start has is not known.
      Actions.of(cluster, resource, "stop", node, false);
      return;
    }
    resource.set(Resource.Flag.RELOAD, true);
    Action reload = Actions.of(cluster, resource, "reload-agent", node, false);
    Actions.reason(reload, "resource definition change", false);
    EnumSet<OrderFlag> flags = EnumSet.of(OrderFlag.ORDERED, OrderFlag.THEN_CANCELS_FIRST);
    Orderings.add(cluster, reload, resource, "stop", flags);
    Orderings.add(cluster, reload, resource, "demote", flags);
  }

  /// Compares the agent of the history with the configured one; another one where the resource runs
  /// means a restart.
  private static boolean agentChanged(
      Cluster cluster, Resource.Primitive resource, Node node, Element history, boolean active) {
    boolean changed = false;
    for (String name : List.of("type", "class", "provider")) {
      String value = resource.xml.get(name);
      if (!Objects.equals(value, history.get(name))) {
        changed = true;
        Unfencing.trigger(cluster, resource, node, "Device definition changed", null);
      }
    }
    if (changed && active) {
      Actions.of(cluster, resource, "stop", node, false);
      resource.set(Resource.Flag.START_PENDING, true);
    }
    return changed;
  }

  /// Compares the definition of devices that unfence with the one that the node was unfenced with,
  /// and notes today's in the action.
  ///
  /// @return true if the node has to be unfenced anew
  static boolean fenceDevicesChanged(Cluster cluster, Node node, Action action) {
    List<Resource.Primitive> devices = new ArrayList<>();
    for (Resource top : cluster.resources) {
      for (Resource resource : top.flattened()) {
        if (resource instanceof Resource.Primitive p
            && p.is(Resource.Flag.FENCE_DEVICE)
            && (p.is(Resource.Flag.NEEDS_UNFENCING) || "unfencing".equals(p.meta("provides")))) {
          devices.addFirst(p);
        }
      }
    }
    boolean changed = false;
    StringBuilder all = new StringBuilder();
    StringBuilder secure = new StringBuilder();
    for (Resource.Primitive device : devices) {
      Digests.Calculated now = Digests.calculate(cluster, device, "stonith-on", 0, node, null);
      String prefix = device.id + ":" + device.type + ":";
      String whole = prefix + now.all();
      String open = prefix + now.secure();
      String known = node.attributes.get("#digests-all");
      if (known != null
          && !holds(known, whole)
          && !holds(node.attributes.get("#digests-secure"), open)) {
        changed = true;
        cluster.warnings.add(
            "notice: Unfencing node "
                + node.name
                + " because the definition of "
                + device.id
                + " changed");
      }
      all.append(whole).append(',');
      secure.append(open).append(',');
    }
    action.put("digests-all", all.toString());
    action.put("digests-secure", secure.toString());
    return changed;
  }

  private static boolean holds(@Nullable String summary, String entry) {
    return summary != null && summary.contains(entry);
  }
}
