package io.trivet.scheduler.assign;

import io.trivet.scheduler.constraints.Bans;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What resources need and nodes have ("Pacemaker Explained", Utilization and Placement Strategy).
final class Utilization {
  private Utilization() {}

  static boolean counts(Cluster cluster) {
    return !cluster.placementStrategy.equals("default");
  }

  /// The resource's needs are no longer free on the node.
  static void consume(Node node, Resource resource) {
    resource.utilization.forEach(
        (name, needed) -> node.capacity.computeIfPresent(name, (n, free) -> free - needed));
  }

  /// They are free again.
  static void release(Node node, Resource resource) {
    resource.utilization.forEach((name, needed) -> node.capacity.merge(name, needed, Integer::sum));
  }

  /// Less than 0 if the first node has more free of more things than the second.
  static int compareCapacity(Node a, Node b) {
    int result = 0;
    for (Map.Entry<String, Integer> free : a.capacity.entrySet()) {
      result -=
          Integer.signum(
              Integer.compare(free.getValue(), b.capacity.getOrDefault(free.getKey(), 0)));
    }
    for (Map.Entry<String, Integer> free : b.capacity.entrySet()) {
      if (!a.capacity.containsKey(free.getKey())) {
        result += Integer.signum(free.getValue());
      }
    }
    return result;
  }

  private static boolean enough(Node node, Map<String, Integer> needed) {
    for (Map.Entry<String, Integer> need : needed.entrySet()) {
      if (need.getValue() > node.capacity.getOrDefault(need.getKey(), 0)) {
        return false;
      }
    }
    return true;
  }

  /// Bans the resource from nodes without room for it and all that has to be with it; where there
  /// is no such room at all, from nodes without room for it alone.
  ///
  /// @return the node to prefer because none has room for all, or null
  static @Nullable Node banInsufficient(Cluster cluster, Resource resource) {
    if (!counts(cluster)) {
      return null;
    }
    SequencedSet<Resource> together = new LinkedHashSet<>();
    colocated(resource, resource, together, 0);
    together.add(resource);
    SequencedMap<String, Integer> needed = new TreeMap<>();
    for (Resource one : together) {
      addUnassigned(one, together, needed);
    }
    Node most = null;
    boolean anyCapable = false;
    List<Candidate> candidates = resource.allowed.list();
    candidates.removeIf(c -> !Places.wanted(c));
    for (Candidate candidate : candidates) {
      anyCapable |= enough(candidate.node, needed);
      if (most == null || compareCapacity(candidate.node, most) < 0) {
        most = candidate.node;
      }
    }
    for (Candidate candidate : candidates) {
      if (!enough(candidate.node, anyCapable ? needed : resource.utilization)) {
        Bans.on(resource, candidate.node, -Scores.INFINITY);
      }
    }
    if (cluster.reasons != null) {
      cluster.reasons.step(resource, "the node has no capacity left for it", "", 0);
    }
    return anyCapable ? null : most;
  }

  /// Adds all that has to be where the resource is.
  private static void colocated(
      Resource resource, Resource origin, SequencedSet<Resource> found, int depth) {
    if (resource instanceof Resource.Group group) {
      if (group.colocated || group.parent instanceof Resource.Clone) {
        found.add(group);
        group.members.forEach(m -> colocated(m, origin, found, depth));
      } else if (!group.members.isEmpty()) {
        chain(group.members.getFirst(), origin, found, depth);
      }
    }
    chain(resource, origin, found, depth);
  }

  private static void chain(
      Resource resource, Resource origin, SequencedSet<Resource> found, int depth) {
    if (!found.add(resource)) {
      return;
    }
    Chains.check(resource, depth);
    for (Colocation colocation : ColocationLists.thisWith(resource)) {
      Resource primary = colocation.primary();
      if (primary != origin && binds(resource, primary, colocation)) {
        colocated(primary, origin, found, depth + 1);
      }
    }
    for (Colocation colocation : ColocationLists.withThis(resource)) {
      Resource dependent = colocation.dependent();
      boolean unsure = resource instanceof Resource.Clone && !(dependent instanceof Resource.Clone);
      if (dependent != origin && !unsure && binds(dependent, resource, colocation)) {
        colocated(dependent, origin, found, depth + 1);
      }
    }
  }

  private static boolean binds(Resource dependent, Resource primary, Colocation colocation) {
    return colocation.score() >= Scores.INFINITY
        && ColocationApply.affects(dependent, primary, colocation, true)
            == ColocationApply.Affects.LOCATION;
  }

  private static void addUnassigned(
      Resource resource, SequencedSet<Resource> all, SequencedMap<String, Integer> needed) {
    if (!resource.is(Flag.UNASSIGNED)) {
      return;
    }
    switch (resource) {
      case Resource.Primitive p ->
          p.utilization.forEach((name, value) -> needed.merge(name, value, Integer::sum));
      case Resource.Group g -> {
        boolean together = g.colocated || g.parent instanceof Resource.Clone;
        List<Resource> members =
            together || g.members.isEmpty() ? g.members : g.members.subList(0, 1);
        for (Resource member : members) {
          if (!all.contains(member)) {
            addUnassigned(member, all, needed);
          }
        }
      }
      case Resource.Clone c -> addInstances(c, all, needed);
      case Resource.Bundle b -> {
        if (!b.replicas.isEmpty() && b.replicas.getFirst().container != null) {
          addUnassigned(b.replicas.getFirst().container, all, needed);
        }
      }
    }
  }

  private static boolean containsAny(SequencedSet<Resource> all, List<Resource> some) {
    for (Resource one : some) {
      if (all.contains(one)) {
        return true;
      }
    }
    return false;
  }

  private static void addInstances(
      Resource.Clone clone, SequencedSet<Resource> all, SequencedMap<String, Integer> needed) {
    boolean existing = false;
    for (Resource instance : clone.instances) {
      if (all.contains(instance)) {
        existing = true;
      } else if (containsAny(all, instance.children())) {
        addUnassigned(instance, all, needed);
        existing = true;
      }
    }
    if (!existing && !clone.instances.isEmpty()) {
      addUnassigned(clone.instances.getFirst(), all, needed);
    }
  }
}
