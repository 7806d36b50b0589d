package io.trivet.scheduler.unpack;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.actions.Resources;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import java.util.List;

/// What the history of a node says about resources: the operations of each are gone through, oldest
/// first, and leave it in a role, perhaps failed.
final class HistoryUnpack {
  private final Cluster cluster;
  private final InstanceMapping mapping;

  HistoryUnpack(Cluster cluster, ResourcesUnpack resources) {
    this.cluster = cluster;
    mapping = new InstanceMapping(cluster, resources);
  }

  void unpack(Node node, Element state) {
    Element lrm = state.child("lrm");
    Element section = lrm == null ? null : lrm.child("lrm_resources");
    if (section == null) {
      return;
    }
    boolean fillers = false;
    for (Element history : section.children("lrm_resource")) {
      fillers |= resource(node, history);
    }
    if (fillers) {
      section.children("lrm_resource").forEach(this::contain);
    }
  }

  /// Ties removed fillers to their containers.
  private void contain(Element history) {
    Resource container = cluster.resource(history.get("container"));
    Resource resource = cluster.resource(history.id());
    if (container != null
        && resource != null
        && resource.is(Flag.REMOVED_FILLER)
        && resource.container == null) {
      resource.container = container;
      container.fillers.add(resource);
      if (resource.is(Flag.REMOTE_CONNECTION)) {
        Node node = cluster.node(resource.id);
        if (node != null) {
          ResourcesUnpack.makeGuest(node);
        }
      }
    }
  }

  /// @return true if it is a removed filler of a container
  private boolean resource(Node node, Element history) {
    boolean locks = cluster.is(Cluster.Flag.SHUTDOWN_LOCK);
    boolean empty = history.child("lrm_rsc_op") == null;
    if (history.id().isEmpty() || (empty && !locks)) {
      return false;
    }
    Resource resource = mapping.find(node, history.id());
    if (resource == null && !empty) {
      resource = mapping.removed(history);
    }
    if (resource == null) {
      return false;
    }
    if (locks) {
      shutdownLock(resource, node, history);
    }
    Role saved = resource.role;
    resource.role = Role.UNKNOWN;
    List<Element> ops = HistoryOrder.sorted(history);
    HistoryResults results = new HistoryResults(cluster, resource, node);
    ops.forEach(results::add);
    recurring(node, resource, ops);
    new ResourceState(cluster, resource, node).apply(results.onFail());
    Role target = ResourceOptions.targetRole(resource);
    if (target != null
        && (resource.nextRole == Role.UNKNOWN || target.compareTo(resource.nextRole) < 0)) {
      Resources.nextRole(resource, target, "target-role");
    }
    if (saved.compareTo(resource.role) > 0) {
      resource.role = saved;
    }
    return resource.is(Flag.REMOVED_FILLER);
  }

  private void shutdownLock(Resource resource, Node node, Element history) {
    String text = history.get("shutdown-lock", "");
    long since = text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    if (since == 0) {
      return;
    }
    if (cluster.shutdownLockMillis > 0 && cluster.now > since + cluster.shutdownLockMillis / 1000) {
      Actions.of(cluster, resource, "lrm_delete", node, false);
    } else {
      resource.lockNode = node;
      resource.lockTime = since;
    }
  }

  /// Recurring operations that are active on the node: actions that need not be done.
  private void recurring(Node node, Resource resource, List<Element> ops) {
    if (!node.online) {
      return;
    }
    ActiveSince since = ActiveSince.of(ops);
    for (int i = Math.max(0, since.start); i < ops.size(); i++) {
      Element op = ops.get(i);
      boolean stopped = since.start < since.stop && i <= since.stop;
      long interval = HistoryEntry.interval(op);
      if (!stopped && interval > 0 && !"-1".equals(op.get("op-status"))) {
        String task = op.get("operation", "");
        Actions.custom(
            cluster, resource, Actions.key(resource.id, task, interval), task, node, true);
      }
    }
  }

  /// Places of the start that the resource is active since, and of the last stop; -1 for none.
  private record ActiveSince(int start, int stop) {
    static ActiveSince of(List<Element> ops) {
      int stop = -1;
      int start = -1;
      int monitor = -1;
      int promotion = -1;
      for (int i = 0; i < ops.size(); i++) {
        Element op = ops.get(i);
        String task = op.get("operation", "");
        if (task.equals("stop") && "0".equals(op.get("op-status"))) {
          stop = i;
        } else if (task.equals("start") || task.equals("migrate_from")) {
          start = i;
        } else if (monitor <= stop && task.equals("monitor")) {
          String rc = op.get("rc-code", "");
          monitor = rc.equals("0") || rc.equals("8") ? i : monitor;
        } else if (task.equals("promote") || task.equals("demote")) {
          promotion = i;
        }
      }
      if (start == -1) {
        start = promotion != -1 ? promotion : monitor;
      }
      return new ActiveSince(start, stop);
    }
  }
}
