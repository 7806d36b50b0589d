package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import org.jspecify.annotations.Nullable;

/// What live migrations of the history mean. A complete one is a `migrate_to` on the source, a
/// `migrate_from` on the target, and a stop on the source. Without the second it is partial,
/// without the third dangling. The history of either node may have been cleared at any time.
final class MigrationHistory {
  private final Cluster cluster;
  private final Resource resource;
  private final Node node;

  MigrationHistory(Cluster cluster, Resource resource, Node node) {
    this.cluster = cluster;
    this.resource = resource;
    this.node = node;
  }

  /// The entry's source and target; null where it does not say both, or another than this node.
  private @Nullable Ends ends(Element entry, boolean hereIsSource) {
    String source = entry.get("migrate_source");
    String target = entry.get("migrate_target");
    if (source == null || target == null) {
      return null;
    }
    String here = hereIsSource ? source : target;
    return here.equalsIgnoreCase(node.name) ? new Ends(source, target) : null;
  }

  private record Ends(String source, String target) {}

  /// A `migrate_to` that succeeded on this node.
  void succeededTo(Element entry) {
    Ends ends = ends(entry, true);
    if (ends == null) {
      return;
    }
    boolean newerOnSource = changedAfter(ends.source, entry, true);
    Element from =
        HistoryLookup.operation(cluster, resource.id, "migrate_from", ends.target, ends.source, -1);
    if (from != null && newerOnSource) {
      return;
    }
    int fromRc = from == null ? 0 : HistoryEntry.number(from.get("rc-code"), 0);
    int fromStatus = from == null ? -1 : HistoryEntry.number(from.get("op-status"), -1);
    boolean newerOnTarget = newerState(ends.target, entry, from);
    if (newerOnSource && newerOnTarget) {
      return;
    }
    if (fromRc == 0 && fromStatus == 0) {
      // Dangling: it is stopped where it came from, as far as others are concerned.
      resource.role = Role.STOPPED;
      resource.danglingMigrations.addFirst(node);
      return;
    }
    resource.role = Role.STARTED;
    Node target = cluster.node(ends.target);
    boolean onTarget = !newerOnTarget && target != null && target.online;
    if (fromStatus != -1) {
      if (onTarget && target != null) {
        RunningOn.add(cluster, resource, target, true);
      } else {
        recover();
      }
      return;
    }
    if (target != null
        && target.online
        && HistoryLookup.unknown(cluster, resource.id, ends.target)) {
      // Its history there was cleared: it will be probed.
      return;
    }
    if (onTarget && target != null) {
      partial(ends, target);
    } else if (!newerOnSource) {
      recover();
    }
  }

  private void partial(Ends ends, Node target) {
    RunningOn.add(cluster, resource, target, false);
    Node source = cluster.node(ends.source);
    if (source != null && source.online) {
      resource.partialMigrationTarget = target;
      resource.partialMigrationSource = source;
    }
  }

  private void recover() {
    resource.set(Flag.FAILED, true);
    resource.set(Flag.STOP_IF_FAILED_ASSIGN, true);
    resource.set(Flag.MIGRATABLE, false);
  }

  /// A `migrate_to` that failed on this node: it may run at both ends.
  void failedTo(Element entry) {
    Ends ends = ends(entry, true);
    if (ends == null) {
      return;
    }
    resource.role = Role.STARTED;
    Element from =
        HistoryLookup.operation(cluster, resource.id, "migrate_from", ends.target, ends.source, 0);
    if (!HistoryLookup.unknown(cluster, resource.id, ends.target)
        && !newerState(ends.target, entry, from)) {
      runs(ends.target, false);
    } else if (!changedAfter(ends.source, entry, true)) {
      resource.danglingMigrations.addFirst(node);
    }
  }

  /// A `migrate_from` that failed on this node.
  void failedFrom(Element entry) {
    Ends ends = ends(entry, false);
    if (ends == null) {
      return;
    }
    resource.role = Role.STARTED;
    Element to =
        HistoryLookup.operation(cluster, resource.id, "migrate_to", ends.source, ends.target, 0);
    if (!HistoryLookup.unknown(cluster, resource.id, ends.source)
        && !newerState(ends.source, to, entry)) {
      runs(ends.source, true);
    }
  }

  private void runs(String name, boolean failed) {
    Node other = cluster.node(name);
    if (other != null && other.online) {
      RunningOn.add(cluster, resource, other, failed);
    }
  }

  /// True if the resource was started, stopped or migrated on that node after the entry.
  private boolean changedAfter(String name, Element entry, boolean sameNode) {
    Element history = HistoryLookup.resource(cluster, name, resource.id);
    if (history == null) {
      return false;
    }
    for (Element op : history.children("lrm_rsc_op")) {
      boolean changes =
          switch (op.get("operation", "")) {
            case "start", "stop", "migrate_to", "migrate_from" -> true;
            default -> false;
          };
      if (op != entry && changes && HistoryOrder.compare(op, entry, sameNode) > 0) {
        return true;
      }
    }
    return false;
  }

  /// True if more is known about the resource on that node than the migration says: it was changed
  /// there after it, or found not running.
  private boolean newerState(String name, @Nullable Element to, @Nullable Element from) {
    Element any = from == null ? to : from;
    if (any == null) {
      return false;
    }
    Element compared = any;
    boolean sameNode = false;
    // Entries of one node are the better to compare.
    if (name.equalsIgnoreCase(any.get("migrate_target", ""))) {
      sameNode = from != null;
    } else if (name.equalsIgnoreCase(any.get("migrate_source", "")) && to != null) {
      compared = to;
      sameNode = true;
    }
    Element monitor =
        HistoryLookup.operation(
            cluster, resource.id, "monitor", name, null, HistoryEntry.NOT_RUNNING);
    return changedAfter(name, compared, sameNode)
        || (monitor != null && HistoryOrder.compare(monitor, compared, sameNode) > 0);
  }
}
