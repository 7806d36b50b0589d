package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import org.jspecify.annotations.Nullable;

/// Whether a failure of the history is one that blocks its resource (`on-fail="block"`).
final class FailureBlocks {
  private FailureBlocks() {}

  /// @param entry the only operation of the history to look at, or null for all on the node
  static boolean blocks(Cluster cluster, Node node, Resource resource, @Nullable Element entry) {
    Element operations = resource.operations;
    if (operations == null) {
      return false;
    }
    String id = resource.xml.id();
    for (Element op : operations.children("op")) {
      if (!"block".equals(op.get("on-fail"))) {
        continue;
      }
      if (entry != null) {
        if (matches(id, op, entry)) {
          return true;
        }
      } else if (anyMatches(cluster, node, id, op)) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyMatches(Cluster cluster, Node node, String id, Element op) {
    Element history = HistoryLookup.resource(cluster, node.name, id);
    return history != null
        && history.children("lrm_rsc_op").stream().anyMatch(e -> matches(id, op, e));
  }

  /// True if the entry is a failure of that operation.
  private static boolean matches(String id, Element op, Element entry) {
    String task = op.get("name", "");
    if (!task.equals(entry.get("operation"))
        || Operations.interval(op) != HistoryEntry.interval(entry)) {
      return false;
    }
    if (entry.id().equals(id + "_last_failure_0")) {
      return true;
    }
    return entry.id().equals(id + "_" + task + "_" + Operations.interval(op))
        && HistoryEntry.number(entry.get("rc-code"), 0) != HistoryEntry.expected(entry);
  }
}
