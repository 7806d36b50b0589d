package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;

/// What the configuration says about an operation: what it needs, what its failure means.
final class ActionMeta {
  private ActionMeta() {}

  static void unpack(Cluster cluster, Action action, Resource resource) {
    action.needs = needs(resource, action.task);
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
