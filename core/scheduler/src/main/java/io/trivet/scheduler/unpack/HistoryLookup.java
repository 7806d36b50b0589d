package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds what the status section says about a resource on a node.
public final class HistoryLookup {
  private HistoryLookup() {}

  /// The history of the resource on the node (`lrm_resource`), or null.
  public static @Nullable Element resource(Cluster cluster, @Nullable String node, String id) {
    for (Element resources : resources(cluster, node)) {
      Element found = resources.child("lrm_resource", id);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static List<Element> resources(Cluster cluster, @Nullable String node) {
    List<Element> found = new ArrayList<>();
    Element status = cluster.cib.child("status");
    if (status == null || node == null) {
      return found;
    }
    for (Element state : status.children()) {
      if (state.is("node_state") && node.equals(state.get("uname"))) {
        for (Element lrm : state.children("lrm")) {
          found.addAll(lrm.children("lrm_resources"));
        }
      }
    }
    return found;
  }

  /// The operation of that task in the history, if there is exactly one.
  ///
  /// @param source for migrations: the node at the other end; null for any
  /// @param wantedRc the exit status that it has to have ended with; less than 0 for any
  static @Nullable Element operation(
      Cluster cluster,
      String id,
      String task,
      @Nullable String node,
      @Nullable String source,
      int wantedRc) {
    Element history = resource(cluster, node, id);
    if (history == null) {
      return null;
    }
    Element found = null;
    for (Element op : history.children("lrm_rsc_op")) {
      if (task.equals(op.get("operation")) && otherEnd(op, task, source)) {
        if (found != null) {
          return null;
        }
        found = op;
      }
    }
    if (found != null
        && wantedRc >= 0
        && (HistoryEntry.number(found.get("rc-code"), 1) != wantedRc
            || HistoryEntry.number(found.get("op-status"), 4) != 0)) {
      return null;
    }
    return found;
  }

  private static boolean otherEnd(Element op, String task, @Nullable String source) {
    if (source == null) {
      return true;
    }
    return switch (task) {
      case "migrate_to" -> source.equals(op.get("migrate_target"));
      case "migrate_from" -> source.equals(op.get("migrate_source"));
      default -> true;
    };
  }

  /// True if nothing was ever found out about the resource on the node.
  static boolean unknown(Cluster cluster, String id, @Nullable String node) {
    Element history = resource(cluster, node, id);
    if (history == null) {
      return true;
    }
    for (Element op : history.children("lrm_rsc_op")) {
      String rc = op.get("rc-code");
      if (rc != null && !rc.equals("193")) {
        return false;
      }
    }
    return true;
  }
}
