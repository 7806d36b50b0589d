package io.trivet.scheduler.unpack;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Resource.MultipleActive;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;

/// Notes that a resource runs on a node, and what follows where it runs on several
/// (`multiple-active`).
final class RunningOn {
  private RunningOn() {}

  /// @param failed true if it failed there; then it does not add to the node's priority
  static void add(Cluster cluster, Resource resource, Node node, boolean failed) {
    if (resource.runningOn.contains(node)) {
      return;
    }
    resource.runningOn.add(node);
    boolean primitive = resource instanceof Resource.Primitive;
    if (primitive) {
      node.running.add(resource);
      addPriority(resource, node, failed);
      if (node.maintenance) {
        resource.set(Flag.MANAGED, false);
        resource.set(Flag.MAINTENANCE, true);
      }
    }
    if (!resource.is(Flag.MANAGED)) {
      AllowedNodes.add(resource, node, Scores.INFINITY);
      for (Resource p = resource.parent; p != null && node.online; p = p.parent) {
        p.runningOn.add(node);
      }
      return;
    }
    if (primitive && activeNodes(resource) > 1) {
      multiplyActive(cluster, resource);
    }
    if (resource.parent != null) {
      add(cluster, resource.parent, node, false);
    }
  }

  /// Nodes on which it counts as active: where fencing is not needed, those that are clean.
  private static long activeNodes(Resource resource) {
    if (resource.is(Flag.NEEDS_FENCING)) {
      return resource.runningOn.size();
    }
    return resource.runningOn.stream().filter(n -> n.online && !n.unclean).count();
  }

  private static void multiplyActive(Cluster cluster, Resource resource) {
    switch (resource.multipleActive) {
      case STOP_ONLY -> AllowedNodes.reset(cluster, resource, -Scores.INFINITY);
      case BLOCK -> {
        block(resource);
        Resource parent = resource.parent;
        if ((parent instanceof Resource.Group || parent instanceof Resource.Bundle)
            && parent.multipleActive == MultipleActive.BLOCK) {
          parent.children().forEach(RunningOn::block);
        }
      }
      case STOP_START, STOP_UNEXPECTED -> {}
    }
  }

  private static void block(Resource resource) {
    resource.set(Flag.MANAGED, false);
    resource.set(Flag.BLOCKED, true);
  }

  /// A promoted instance counts one more. What runs on a guest counts for the guest's host, too.
  private static void addPriority(Resource resource, Node node, boolean failed) {
    if (resource.priority == 0 || failed) {
      return;
    }
    int priority = resource.role == Role.PROMOTED ? resource.priority + 1 : resource.priority;
    node.priority += priority;
    Resource connection = node.remoteResource;
    if (connection != null && connection.container != null) {
      connection.container.runningOn.forEach(host -> host.priority += priority);
    }
  }
}
