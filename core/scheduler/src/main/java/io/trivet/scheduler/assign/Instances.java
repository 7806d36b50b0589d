package io.trivet.scheduler.assign;

import io.trivet.scheduler.constraints.Bans;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeAttributes;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Distributes the instances of a clone, or the containers of a bundle, over the nodes. Those that
/// are active are assigned first, each where it is if that is a node that would get one anyway, so
/// that none is moved for the sake of its number.
final class Instances {
  private final Cluster cluster;
  private final Assignment assignment;
  private final Resource collective;
  private final int maxPerNode;

  Instances(Cluster cluster, Assignment assignment, Resource collective, int maxPerNode) {
    this.cluster = cluster;
    this.assignment = assignment;
    this.collective = collective;
    this.maxPerNode = maxPerNode;
  }

  /// Assigns up to `maxTotal` of the instances.
  void assign(List<? extends Resource> instances, int maxTotal) {
    int available = 0;
    for (Candidate candidate : collective.allowed) {
      candidate.count = 0;
      available += Places.available(candidate.node) ? 1 : 0;
    }
    int optimal = Math.max(1, available > 0 ? maxTotal / available : 0);
    int assigned = 0;
    for (Resource instance : instances) {
      if (assigned >= maxTotal) {
        break;
      }
      Node current = preferred(instance, optimal);
      if (current != null && assignEarly(instance, current, maxTotal - assigned)) {
        assigned++;
      }
    }
    for (Resource instance : instances) {
      if (!instance.is(Flag.UNASSIGNED)) {
        continue;
      }
      if (assigned >= maxTotal) {
        Bans.everywhere(cluster, instance, -Scores.INFINITY);
      } else if (assignOne(instance, null) != null) {
        assigned++;
      }
    }
  }

  /// Where an active instance is, if it may be best left there.
  private static @Nullable Node preferred(Resource instance, int optimal) {
    if (instance.runningOn.isEmpty() || !instance.is(Flag.UNASSIGNED) || instance.is(Flag.FAILED)) {
      return null;
    }
    Node node = Places.current(instance);
    if (node == null || !Places.available(node) || node.score < 0) {
      return null;
    }
    Candidate ofParent = Places.ofParent(instance, node);
    return ofParent != null && ofParent.count >= optimal ? null : node;
  }

  /// Tries to assign an instance where it is. Where another node turns out to be better, one of the
  /// available instances is reserved for that one, and the next best node is asked for.
  private boolean assignEarly(Resource instance, Node current, int available) {
    if (!Places.wanted(instance.allowed.get(current))) {
      return false;
    }
    SequencedMap<Resource, NodeScores> before = new LinkedHashMap<>();
    keep(instance, before);
    NodeScores counts = collective.allowed;
    collective.allowed = counts.copy();
    Node chosen = null;
    for (int reserved = 0; reserved < available; reserved++) {
      chosen = assignOne(instance, current);
      if (chosen == current) {
        break;
      }
      before.forEach((r, scores) -> r.allowed = scores.copy());
      if (chosen == null) {
        instance.set(Flag.UNASSIGNED, true);
        break;
      }
      Assigning.unassign(instance);
      chosen = null;
    }
    collective.allowed = counts;
    if (chosen == null) {
      return false;
    }
    count(instance, chosen);
    return true;
  }

  private static void keep(Resource resource, SequencedMap<Resource, NodeScores> into) {
    into.put(resource, resource.allowed.copy());
    resource.children().forEach(c -> keep(c, into));
  }

  private @Nullable Node assignOne(Resource instance, @Nullable Node prefer) {
    if (instance.is(Flag.ASSIGNING)) {
      return null;
    }
    for (Candidate candidate : instance.allowed) {
      if (!canRun(instance, candidate.node)) {
        candidate.score = -Scores.INFINITY;
        for (Resource child : instance.children()) {
          Candidate ofChild = child.allowed.get(candidate.node);
          if (ofChild != null) {
            ofChild.score = -Scores.INFINITY;
          }
        }
      }
    }
    Node chosen = assignment.assign(instance, prefer, prefer == null);
    if (chosen != null) {
      count(instance, chosen);
    }
    return chosen;
  }

  private static void count(Resource instance, Node node) {
    Candidate ofParent = Places.ofParent(instance, node);
    if (ofParent != null) {
      ofParent.count++;
    }
  }

  private boolean canRun(Resource instance, Node node) {
    if (instance.is(Flag.REMOVED) || !Places.available(node)) {
      return false;
    }
    Candidate ofParent = Places.ofParent(instance, node);
    return ofParent != null && ofParent.score >= 0 && ofParent.count < maxPerNode;
  }

  /// The instance of a clone that is, or will be, on the node of the resource; on the best of its
  /// nodes where it is not assigned yet.
  ///
  /// @param role the role that the instance has to get, or null for any
  static @Nullable Resource compatible(
      Cluster cluster, Resource resource, Resource.Clone clone, @Nullable Role role) {
    Node node = Places.assigned(resource);
    if (node != null) {
      return on(clone.instances, node, role);
    }
    List<Candidate> nodes = resource.allowed.list();
    NodeOrder.sort(cluster, nodes, null);
    for (Candidate candidate : nodes) {
      Resource instance = on(clone.instances, candidate.node, role);
      if (instance != null) {
        return instance;
      }
    }
    return null;
  }

  /// The same for the containers of a bundle.
  static @Nullable Resource compatibleContainer(
      Cluster cluster, Resource resource, Resource.Bundle bundle) {
    List<Resource> containers = BundleAssign.containers(bundle);
    Node node = Places.assigned(resource);
    if (node != null && node.isGuest() && Places.bundleOf(resource) != null) {
      node = NodeAttributes.host(node, NodeAttributes.Host.ASSIGNED);
    }
    if (node != null) {
      return on(containers, node, null);
    }
    List<Candidate> nodes = resource.allowed.list();
    NodeOrder.sort(cluster, nodes, null);
    for (Candidate candidate : nodes) {
      Resource container = on(containers, candidate.node, null);
      if (container != null) {
        return container;
      }
    }
    return null;
  }

  private static @Nullable Resource on(List<Resource> instances, Node node, @Nullable Role role) {
    for (Resource instance : instances) {
      if ((role == null || Places.nextRole(instance) == role)
          && Places.assigned(instance) == node
          && !Places.anyHas(instance, Flag.BLOCKED)) {
        return instance;
      }
    }
    return null;
  }
}
