package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.model.Resource.Clone;
import io.trivet.scheduler.model.Resource.Group;
import io.trivet.scheduler.model.Resource.Primitive;

/// What each kind of resource needs done and in which order, kind by kind.
public final class Scheduling {
  private Scheduling() {}

  /// The orderings and placements that hold between the parts of each resource. Before resources
  /// are assigned to nodes.
  public static void internalOrderings(Cluster cluster) {
    InternalOrderings orderings = new InternalOrderings(cluster);
    cluster.resources.forEach(orderings::of);
  }

  /// The actions that bring each resource from its role to its next one. After assignment.
  public static void createActions(Cluster cluster) {
    cluster.resources.forEach(r -> createActions(cluster, r));
  }

  static void createActions(Cluster cluster, Resource resource) {
    switch (resource) {
      case Primitive primitive -> PrimitiveActions.create(cluster, primitive);
      case Group group -> CollectiveActions.group(cluster, group);
      case Clone clone -> CollectiveActions.clone(cluster, clone);
      case Bundle bundle -> CollectiveActions.bundle(cluster, bundle);
    }
  }
}
