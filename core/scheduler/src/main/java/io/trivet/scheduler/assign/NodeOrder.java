package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Scores;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of the nodes that may take a resource is the best.
final class NodeOrder {
  private NodeOrder() {}

  /// Best first: by score; by free capacity where placement is balanced; by the number of resources
  /// assigned so far, unless placement is minimal; the node where the resource is active; by name.
  static void sort(Cluster cluster, List<Candidate> candidates, @Nullable Node active) {
    Comparator<Candidate> by = by(cluster.placementStrategy, active);
    if (cluster.placementStrategy.equals(BALANCED)) {
      // By free capacity, three nodes may each be freer than another.
      Sorting.sort(candidates, by);
    } else {
      candidates.sort(by);
    }
  }

  /// The best one, or null.
  static @Nullable Candidate best(Cluster cluster, NodeScores candidates, @Nullable Node active) {
    if (cluster.placementStrategy.equals(BALANCED)) {
      List<Candidate> sorted = candidates.list();
      sort(cluster, sorted, active);
      return sorted.isEmpty() ? null : sorted.getFirst();
    }
    Comparator<Candidate> by = by(cluster.placementStrategy, active);
    Candidate best = null;
    for (Candidate candidate : candidates) {
      if (best == null || by.compare(candidate, best) < 0) {
        best = candidate;
      }
    }
    return best;
  }

  private static final String BALANCED = "balanced";

  private static Comparator<Candidate> by(String strategy, @Nullable Node active) {
    boolean minimal = strategy.equals("minimal");
    boolean balanced = strategy.equals(BALANCED);
    return (a, b) -> {
      int byScore = Integer.compare(score(b), score(a));
      if (byScore != 0) {
        return byScore;
      }
      if (!minimal) {
        int byCapacity = balanced ? Utilization.compareCapacity(a.node, b.node) : 0;
        if (byCapacity != 0) {
          return byCapacity;
        }
        int byNumber = Integer.compare(a.node.assignedResources, b.node.assignedResources);
        if (byNumber != 0) {
          return byNumber;
        }
        if (a.node != b.node && (a.node == active || b.node == active)) {
          return a.node == active ? -1 : 1;
        }
      }
      return a.node.name.compareTo(b.node.name);
    };
  }

  private static int score(Candidate candidate) {
    return Places.available(candidate.node) ? candidate.score : -Scores.INFINITY;
  }
}
