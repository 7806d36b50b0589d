package io.trivet.scheduler.assign;

import io.trivet.scheduler.constraints.Colocations;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle.Replica;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Assigns a bundle: its containers like the instances of a clone, then what belongs to each of
/// them, then what runs in them on the nodes that they are.
final class BundleAssign {
  private BundleAssign() {}

  static void assign(
      Cluster cluster,
      Assignment assignment,
      Resource.Bundle bundle,
      @Nullable Node prefer,
      boolean stopIfFail) {
    bundle.set(Flag.ASSIGNING, true);
    ScoreLog.show(cluster, bundle, "pcmk__bundle_assign");
    List<Resource> containers = containers(bundle);
    Sorting.sort(containers, InstanceOrder::compare);
    new Instances(cluster, assignment, bundle, bundle.perHost)
        .assign(containers, bundle.replicas.size());
    for (Replica replica : bundle.replicas) {
      replica(cluster, assignment, replica, prefer, stopIfFail);
    }
    Resource.Clone clone = bundle.clone;
    if (clone != null) {
      for (Candidate candidate : clone.allowed) {
        candidate.score = isReplica(bundle, candidate.node) ? 0 : -Scores.INFINITY;
      }
      assignment.assign(clone, prefer, stopIfFail);
    }
    bundle.set(Flag.ASSIGNING, false);
    bundle.set(Flag.UNASSIGNED, false);
    bundle.assignedDone = true;
  }

  /// The containers of its replicas; a new list.
  static List<Resource> containers(Resource.Bundle bundle) {
    List<Resource> containers = new ArrayList<>();
    for (Replica replica : bundle.replicas) {
      if (replica.container != null) {
        containers.add(replica.container);
      }
    }
    return containers;
  }

  private static boolean isReplica(Resource.Bundle bundle, Node node) {
    return bundle.replicas.stream().anyMatch(r -> r.node == node);
  }

  private static void replica(
      Cluster cluster,
      Assignment assignment,
      Replica replica,
      @Nullable Node prefer,
      boolean stopIfFail) {
    if (replica.ip != null) {
      assignment.assign(replica.ip, prefer, stopIfFail);
    }
    Node host = replica.container == null ? null : replica.container.assignedTo;
    Resource remote = replica.remote;
    if (remote != null) {
      if (host != null && host.isRemoteOrGuest() && host.remoteResource != null) {
        // A remote node has one connection, so what is nested in it has to come from the same host.
        Colocations.add(
            cluster,
            new Colocation(
                "#replica-remote-with-host-remote",
                null,
                remote,
                host.remoteResource,
                null,
                null,
                Scores.INFINITY,
                true,
                false,
                0));
      }
      assignment.assign(remote, prefer, stopIfFail);
    }
    Resource child = replica.child;
    if (child == null || child.parent == null) {
      return;
    }
    for (Candidate candidate : child.allowed) {
      if (candidate.node != replica.node) {
        candidate.score = -Scores.INFINITY;
      } else if (Thresholds.reached(cluster, child, candidate.node) == null) {
        candidate.score = Scores.INFINITY;
      }
    }
    child.parent.set(Flag.ASSIGNING, true);
    assignment.assign(child, replica.node, stopIfFail);
    child.parent.set(Flag.ASSIGNING, false);
  }
}
