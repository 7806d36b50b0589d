package io.trivet.scheduler.unpack;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;

/// How many instances of resources there are, and how many of them are disabled or blocked.
final class InstanceCounts {
  private InstanceCounts() {}

  static void count(Cluster cluster) {
    cluster.resources.forEach(r -> count(cluster, r));
  }

  private static void count(Cluster cluster, Resource resource) {
    switch (resource) {
      case Resource.Primitive primitive -> countPrimitive(cluster, primitive);
      case Resource.Group group -> group.members.forEach(m -> count(cluster, m));
      case Resource.Clone clone -> clone.instances.forEach(i -> count(cluster, i));
      case Resource.Bundle bundle -> countBundle(cluster, bundle);
    }
  }

  private static void countBundle(Cluster cluster, Resource.Bundle bundle) {
    for (Resource.Bundle.Replica replica : bundle.replicas) {
      for (Resource part :
          new Resource[] {replica.ip, replica.child, replica.container, replica.remote}) {
        if (part != null) {
          count(cluster, part);
        }
      }
    }
  }

  private static void countPrimitive(Cluster cluster, Resource.Primitive primitive) {
    if (primitive.is(Resource.Flag.REMOVED) && !primitive.role.active()) {
      return;
    }
    cluster.ninstances++;
    if (disabled(primitive)) {
      cluster.disabledResources++;
    }
    if (primitive.is(Resource.Flag.BLOCKED)) {
      cluster.blockedResources++;
    }
  }

  private static boolean disabled(Resource resource) {
    Role target = Role.parse(resource.meta("target-role"));
    return target == Role.STOPPED || (target == Role.UNPROMOTED && resource.promotable());
  }
}
