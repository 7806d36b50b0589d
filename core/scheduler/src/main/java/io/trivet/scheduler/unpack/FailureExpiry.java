package io.trivet.scheduler.unpack;

import static io.trivet.scheduler.unpack.HistoryEntry.DEGRADED;
import static io.trivet.scheduler.unpack.HistoryEntry.DEGRADED_PROMOTED;
import static io.trivet.scheduler.unpack.HistoryEntry.NOT_RUNNING;
import static io.trivet.scheduler.unpack.HistoryEntry.OK;
import static io.trivet.scheduler.unpack.HistoryEntry.RUNNING_PROMOTED;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.actions.Digests;
import io.trivet.scheduler.actions.Orderings;
import io.trivet.scheduler.actions.Resources;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.unpack.HistoryEntry.Execution;
import org.jspecify.annotations.Nullable;

/// Failures that count no more: they are older than `failure-timeout`, or the parameters changed
/// since. Then the fail count is cleared, too.
final class FailureExpiry {
  private FailureExpiry() {}

  /// True if the entry is older than its resource's failure timeout. May schedule that the fail
  /// count is cleared.
  static boolean expired(HistoryEntry entry) {
    if (entry.execution == Execution.NOT_INSTALLED) {
      return false;
    }
    Resource resource = entry.resource;
    boolean expired = false;
    int effective = 0;
    long since = HistoryEntry.lastChange(entry.xml);
    if (resource.failureTimeoutMillis > 0 && since >= 0) {
      expired = entry.cluster.now >= since + resource.failureTimeoutMillis / 1000 && !waits(entry);
      effective = FailCounts.count(entry.cluster, entry.node, resource, true, false, entry.xml);
    }
    String clear = null;
    if (expired) {
      if (FailCounts.count(entry.cluster, entry.node, resource, false, false, entry.xml) > 0) {
        clear = effective == 0 ? "it expired" : null;
        expired = effective == 0;
      } else if (entry.lastFailure() && resource.remoteReconnectMillis > 0) {
        clear = "reconnect interval is set";
      }
    }
    if (!expired && entry.lastFailure() && changed(entry)) {
      clear = "resource parameters have changed";
    }
    clear(entry, clear);
    return expired && !stateOfProbe(entry);
  }

  /// The failed monitor of a connection with a reconnect interval counts until its node was fenced.
  private static boolean waits(HistoryEntry entry) {
    if (entry.resource.remoteReconnectMillis == 0
        || !entry.cluster.is(Cluster.Flag.FENCING_ENABLED)
        || entry.intervalMillis == 0
        || !entry.task.equals("monitor")) {
      return false;
    }
    Node remote = entry.cluster.node(entry.resource.id);
    return remote != null && !remote.remoteWasFenced;
  }

  private static boolean changed(HistoryEntry entry) {
    if (!entry.task.equals("start") && !entry.task.equals("monitor")) {
      return false;
    }
    if (entry.resource instanceof Resource.Primitive connection
        && Resources.needsBundleAddress(entry.cluster, connection)) {
      // The address is that of the node where its container will run: that is compared later.
      entry.cluster.parameterChecks.add(
          new Cluster.ParameterCheck(connection, entry.node, entry.xml, true));
      return false;
    }
    return switch (Digests.compare(entry.cluster, entry.resource, entry.xml, entry.node)) {
      case MISMATCH, RESTART -> true;
      case MATCH, UNKNOWN -> false;
    };
  }

  private static void clear(HistoryEntry entry, @Nullable String reason) {
    if (reason == null) {
      return;
    }
    Cluster cluster = entry.cluster;
    Action clear = Actions.clearFailCount(cluster, entry.resource, entry.node, reason);
    Node remote = cluster.node(entry.resource.id);
    if (cluster.is(Cluster.Flag.FENCING_ENABLED)
        && entry.resource.remoteReconnectMillis > 0
        && remote != null) {
      Action fence = Actions.fence(cluster, remote, null, true, null, false);
      Orderings.link(fence, clear, OrderFlag.FIRST_IMPLIES_THEN);
    }
  }

  /// What a probe found out stays true.
  private static boolean stateOfProbe(HistoryEntry entry) {
    return entry.probe()
        && switch (entry.exit) {
          case OK, NOT_RUNNING, RUNNING_PROMOTED, DEGRADED, DEGRADED_PROMOTED -> true;
          default -> false;
        };
  }
}
