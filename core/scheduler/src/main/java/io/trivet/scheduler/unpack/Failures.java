package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Failure;
import io.trivet.scheduler.model.Role;
import java.util.SequencedMap;

/// What is configured for failed operations, and the list of them that people are told.
final class Failures {
  private final Cluster cluster;

  Failures(Cluster cluster) {
    this.cluster = cluster;
  }

  /// @param role the role that the resource is to be in after it
  record Handling(Action.OnFail onFail, Role role) {}

  Handling handling(HistoryEntry entry) {
    Element op = Operations.find(entry.resource, entry.task, entry.intervalMillis, true);
    SequencedMap<String, String> meta =
        Operations.meta(cluster, entry.resource, entry.node, entry.task, entry.intervalMillis, op);
    Action.OnFail onFail =
        OnFail.parse(
            cluster, entry.resource, entry.task, entry.intervalMillis, meta.get("on-fail"));
    return new Handling(onFail, OnFail.roleAfterFailure(entry.resource, entry.task, onFail, meta));
  }

  /// Notes the failure for people, once for each operation of a node that is online.
  void record(HistoryEntry entry) {
    if (!entry.node.online) {
      return;
    }
    String key = entry.key();
    if (cluster.failureKeys.add(entry.node.index + " " + key)) {
      cluster.failures.add(
          new Failure(entry.resource.historyId, key, entry.node, FailureSentence.of(entry)));
    }
  }
}
