package io.trivet.scheduler.actions;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.unpack.OnFail;
import io.trivet.scheduler.unpack.Operations;
import java.util.SequencedMap;

/// What the configuration says about an operation: what it needs, what its failure means.
final class ActionMeta {
  private ActionMeta() {}

  static void unpack(Cluster cluster, Action action, Resource resource) {
    long interval = action.intervalMillis;
    SequencedMap<String, String> known = resource.operationMeta.get(action.key);
    action.share(known == null ? meta(cluster, action, resource) : known);
    action.needs = needs(resource, action.task);
    action.onFail =
        OnFail.parse(cluster, resource, action.task, interval, action.meta.get("on-fail"));
    action.failRole = OnFail.roleAfterFailure(resource, action.task, action.onFail, action.meta);
  }

  private static SequencedMap<String, String> meta(
      Cluster cluster, Action action, Resource resource) {
    long interval = action.intervalMillis;
    Element configured = Operations.find(resource, action.task, interval, true);
    if (configured == null && action.key.contains("_notify_")) {
      // The many pseudo-actions around notifications are configured as one.
      configured = Operations.find(resource, "notify", 0, true);
    }
    SequencedMap<String, String> meta =
        Operations.meta(cluster, resource, action.node, action.task, interval, configured);
    if (!resource.is(Resource.Flag.FENCE_DEVICE)) {
      // Only a fence device takes its timeout from parameters that may differ from node to node.
      resource.operationMeta.put(action.key, meta);
    }
    return meta;
  }

  /// Only starts and promotions wait for quorum or fencing (resource option `requires`).
  private static Action.Needs needs(Resource resource, String task) {
    if (!task.equals("start") && !task.equals("promote")) {
      return Action.Needs.NOTHING;
    }
    if (resource.is(Resource.Flag.NEEDS_FENCING)) {
      return Action.Needs.FENCING;
    }
    return resource.is(Resource.Flag.NEEDS_QUORUM) ? Action.Needs.QUORUM : Action.Needs.NOTHING;
  }
}
