package io.trivet.scheduler.assign;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.constraints.Bans;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;

/// Keeps resources on a node that is shut down cleanly ("Pacemaker Explained", option
/// `shutdown-lock`): primitives and groups that are not cloned.
final class ShutdownLocks {
  private final Cluster cluster;

  ShutdownLocks(Cluster cluster) {
    this.cluster = cluster;
  }

  void apply(Resource resource) {
    switch (resource) {
      case Resource.Group g -> g.members.forEach(this::apply);
      case Resource.Primitive p -> {
        if (!p.is(Flag.FENCE_DEVICE) && !p.is(Flag.REMOTE_CONNECTION)) {
          primitive(p);
        }
      }
      case Resource.Clone _, Resource.Bundle _ -> {}
    }
  }

  private void primitive(Resource.Primitive resource) {
    Node lock = resource.lockNode;
    if (lock != null) {
      if (!resource.runningOn.isEmpty()) {
        // It runs although it is locked: let it, and forget that it was there.
        Actions.of(cluster, resource, "lrm_delete", lock, false);
        resource.lockNode = null;
        resource.lockTime = 0;
      }
    } else if (resource.runningOn.size() == 1) {
      Node node = resource.runningOn.getFirst();
      if (node.shutdown && !node.unclean) {
        resource.lockNode = node;
        resource.lockTime = shutdownTime(node);
      }
    }
    if (resource.lockNode == null) {
      return;
    }
    for (Node node : cluster.nodes) {
      if (node != resource.lockNode) {
        Bans.on(resource, node, -Scores.INFINITY);
      }
    }
    if (cluster.reasons != null) {
      cluster.reasons.step(
          resource, "it is locked to " + resource.lockNode.name + " (shutdown-lock)", "", 0);
    }
  }

  private long shutdownTime(Node node) {
    String since = node.attributes.get("shutdown");
    if (since == null || since.isEmpty() || !since.chars().allMatch(Character::isDigit)) {
      return cluster.now;
    }
    return since.length() > 18 ? cluster.now : Long.parseLong(since);
  }
}
