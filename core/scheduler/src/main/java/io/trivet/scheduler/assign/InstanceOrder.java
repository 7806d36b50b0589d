package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import org.jspecify.annotations.Nullable;

/// Which instances of a clone or bundle are assigned first: those that are best left where they
/// are.
final class InstanceOrder {
  private InstanceOrder() {}

  /// Less than 0 if the first one is assigned first.
  static int compare(Resource a, Resource b) {
    Node nodeA = Places.current(a);
    Node nodeB = Places.current(b);
    if (!a.runningOn.isEmpty() && !b.runningOn.isEmpty()) {
      int byNumber = Integer.compare(a.runningOn.size(), b.runningOn.size());
      if (byNumber != 0) {
        return byNumber;
      }
    }
    boolean allowedA = allowed(a, nodeA);
    boolean allowedB = allowed(b, nodeB);
    if (allowedA != allowedB) {
      return allowedA ? -1 : 1;
    }
    int priorityA = Math.max(a.priority, a.promotionPriority);
    int priorityB = Math.max(b.priority, b.promotionPriority);
    if (priorityA != priorityB) {
      return priorityA > priorityB ? -1 : 1;
    }
    if (nodeA == null || nodeB == null || !allowedA) {
      boolean activeA = nodeA != null && allowedA;
      boolean activeB = nodeB != null && allowedB;
      return activeA == activeB ? 0 : activeA ? -1 : 1;
    }
    return compareActive(a, nodeA, b, nodeB);
  }

  private static int compareActive(Resource a, Node nodeA, Resource b, Node nodeB) {
    boolean canA = Places.available(nodeA);
    if (canA != Places.available(nodeB)) {
      return canA ? -1 : 1;
    }
    Candidate parentA = Places.ofParent(a, nodeA);
    Candidate parentB = Places.ofParent(b, nodeB);
    if (parentA == null || parentB == null) {
      return parentA == parentB ? 0 : parentB == null ? -1 : 1;
    }
    if (parentA.count != parentB.count) {
      return Integer.compare(parentA.count, parentB.count);
    }
    boolean failedA = Places.anyHas(a, Flag.FAILED);
    if (failedA != Places.anyHas(b, Flag.FAILED)) {
      return failedA ? 1 : -1;
    }
    int byColocation = Integer.compare(colocated(b, nodeB, nodeA), colocated(a, nodeA, nodeB));
    return byColocation != 0 ? byColocation : compareNumbers(a, b);
  }

  private static boolean allowed(Resource instance, @Nullable Node node) {
    Candidate candidate = instance.allowed.get(node);
    return node == null || candidate != null && candidate.score >= 0;
  }

  /// The instance's score on its node with all wishes of what it is colocated with.
  private static int colocated(Resource instance, Node node, Node other) {
    NodeScores scores = new NodeScores(Math.max(node.index, other.index) + 1);
    scores.put(node, node.score);
    for (Colocation colocation : ColocationLists.thisWith(instance)) {
      float factor = colocation.score() / (float) Scores.INFINITY;
      scores = added(colocation.primary(), instance, scores, colocation, factor, 0);
    }
    for (Colocation colocation : ColocationLists.withThis(instance)) {
      if (ColocatedScores.hasInfluence(colocation, instance)) {
        float factor = colocation.score() / (float) Scores.INFINITY;
        scores =
            added(
                colocation.dependent(),
                instance,
                scores,
                colocation,
                factor,
                ColocatedScores.NONNEGATIVE);
      }
    }
    return scores.score(node, -Scores.INFINITY);
  }

  private static NodeScores added(
      Resource source,
      Resource target,
      NodeScores scores,
      Colocation colocation,
      float factor,
      int flags) {
    NodeScores sum = ColocatedScores.add(source, target, scores, colocation, factor, flags);
    return sum == null ? scores : sum;
  }

  /// By the number at the end of the id.
  static int compareNumbers(Resource a, Resource b) {
    return Integer.compare(number(a), number(b));
  }

  private static int number(Resource resource) {
    int colon = resource.id.lastIndexOf(':');
    return Scores.parse(resource.id.substring(colon + 1), 0);
  }
}
