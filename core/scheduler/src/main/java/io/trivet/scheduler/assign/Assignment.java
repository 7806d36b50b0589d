package io.trivet.scheduler.assign;

import io.trivet.scheduler.constraints.Bans;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.LocationRule;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.NodeScores.Probing;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides where each resource shall run, and in which role.
///
/// The order is Pacemaker's: shutdown locks, location constraints, stickiness, bans after failures,
/// exclusive discovery; then the colocations that follow from the kinds of resources; then resource
/// after resource, each after what it is colocated with.
public final class Assignment {
  private final Cluster cluster;
  private final PrimitiveAssign primitives;

  /// How many resources wait for others that are assigned before them.
  private int depth;

  private Assignment(Cluster cluster) {
    this.cluster = cluster;
    this.primitives = new PrimitiveAssign(cluster, this);
  }

  /// Brings what does not depend on other resources into the scores of each resource's nodes.
  public static void prepare(Cluster cluster) {
    for (Resource resource : cluster.resourcesById.values()) {
      resource.set(Flag.UNASSIGNED, true);
      if (cluster.reasons != null) {
        cluster.reasons.step(resource, "at first", "", 0);
      }
    }
    if (cluster.is(Cluster.Flag.SHUTDOWN_LOCK)) {
      ShutdownLocks locks = new ShutdownLocks(cluster);
      cluster.resources.forEach(locks::apply);
    }
    for (LocationRule location : cluster.locations.reversed()) {
      LocationApply.apply(cluster, location.resource, location);
    }
    cluster.resources.forEach(r -> stickiness(cluster, r));
    List<Node> withFailures = cluster.nodes.stream().filter(Thresholds::hasFailures).toList();
    for (Resource resource : cluster.resources) {
      for (Node node : withFailures) {
        Thresholds.check(cluster, resource, node);
      }
      exclusiveDiscovery(cluster, resource);
    }
  }

  private static void stickiness(Cluster cluster, Resource resource) {
    if (!resource.children().isEmpty()) {
      resource.children().forEach(c -> stickiness(cluster, c));
      return;
    }
    if (!resource.is(Flag.MANAGED) || resource.stickiness < 1 || resource.runningOn.size() != 1) {
      return;
    }
    Node node = resource.runningOn.getFirst();
    if (cluster.is(Cluster.Flag.SYMMETRIC) || resource.allowed.contains(node)) {
      Bans.on(resource, node, resource.stickiness);
      if (cluster.reasons != null) {
        cluster.reasons.step(resource, "it runs there (resource-stickiness)", "", 0);
      }
    }
  }

  /// Where a constraint says that a resource is looked for on its nodes only, it runs nowhere else.
  private static void exclusiveDiscovery(Cluster cluster, Resource resource) {
    if (!resource.is(Flag.EXCLUSIVE_DISCOVERY)
        && !Places.top(resource).is(Flag.EXCLUSIVE_DISCOVERY)) {
      return;
    }
    resource.children().forEach(c -> exclusiveDiscovery(cluster, c));
    for (Candidate candidate : resource.allowed) {
      if (candidate.probing != Probing.EXCLUSIVE) {
        candidate.score = -Scores.INFINITY;
      }
    }
    if (cluster.reasons != null) {
      cluster.reasons.step(resource, "its discovery is exclusive to other nodes", "", 0);
    }
  }

  /// Assigns every resource.
  public static void assignAll(Cluster cluster) {
    InternalColocations internal = new InternalColocations(cluster);
    cluster.resources.forEach(internal::create);
    Assignment assignment = new Assignment(cluster);
    if (Utilization.counts(cluster)) {
      ResourceOrder.sort(cluster);
    }
    if (cluster.is(Cluster.Flag.HAVE_REMOTE_NODES)) {
      for (Resource resource : List.copyOf(cluster.resources)) {
        if (resource.is(Flag.REMOTE_CONNECTION)) {
          assignment.assign(resource, resource.partialMigrationTarget, true);
        }
      }
    }
    for (Resource resource : List.copyOf(cluster.resources)) {
      if (!resource.is(Flag.REMOTE_CONNECTION) || !cluster.is(Cluster.Flag.HAVE_REMOTE_NODES)) {
        assignment.assign(resource, null, true);
      }
    }
  }

  /// Assigns the resource, unless that was done before or is under way.
  ///
  /// @param prefer the node to take if no other is better
  /// @param stopIfFail true if it is stopped where no node can take it
  /// @return its node, or null; null too for what has several
  @Nullable Node assign(Resource resource, @Nullable Node prefer, boolean stopIfFail) {
    Chains.check(resource, depth);
    depth++;
    Node node = null;
    switch (resource) {
      case Resource.Primitive p -> node = primitives.assign(p, prefer, stopIfFail);
      case Resource.Group g -> node = GroupAssign.assign(cluster, this, g, prefer, stopIfFail);
      case Resource.Clone c -> CloneAssign.assign(cluster, this, c, prefer, stopIfFail);
      case Resource.Bundle b -> BundleAssign.assign(cluster, this, b, prefer, stopIfFail);
    }
    depth--;
    return node;
  }
}
