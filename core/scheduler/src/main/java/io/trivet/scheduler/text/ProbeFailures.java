package io.trivet.scheduler.text;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Failure;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import org.jspecify.annotations.Nullable;

/// Probes that found that a resource cannot run on a node at all.
final class ProbeFailures {
  private ProbeFailures() {}

  /// What the probe of that resource said, on that node or on any; null where none failed so.
  static @Nullable String of(Cluster cluster, Resource resource, @Nullable String node) {
    for (Failure failure : cluster.failures) {
      if (failure.key().endsWith("_monitor_0")
          && (node == null || failure.node().name.equals(node))
          && concerns(failure, resource)) {
        Element op = operation(failure);
        String text = op == null ? null : text(op);
        if (text != null) {
          return text;
        }
      }
    }
    return null;
  }

  private static boolean concerns(Failure failure, Resource resource) {
    if (resource.historyId.equals(failure.resource())
        || ResourceLines.name(resource).equals(failure.resource())) {
      return true;
    }
    for (Resource child : resource.children()) {
      if (concerns(failure, child)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Element operation(Failure failure) {
    Node node = failure.node();
    Element at = node.state;
    for (String name : new String[] {"lrm", "lrm_resources"}) {
      at = at == null ? null : at.child(name);
    }
    Element resource = at == null ? null : at.child("lrm_resource", failure.resource());
    if (resource != null) {
      for (Element op : resource.children("lrm_rsc_op")) {
        if (failure.key().equals(op.get("operation_key", op.id()))) {
          return op;
        }
      }
    }
    return null;
  }

  /// The result in words where it means that the resource cannot be there.
  private static @Nullable String text(Element op) {
    if (op.get("op-status", "0").equals("7")) {
      return "Not installed";
    }
    return switch (op.get("rc-code", "0")) {
      case "2" -> "Invalid parameter";
      case "5" -> "Not installed";
      default -> null;
    };
  }
}
