package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
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
    candidates.sort(by(cluster.placementStrategy, active));
  }

  private static Comparator<Candidate> by(String strategy, @Nullable Node active) {
    boolean minimal = strategy.equals("minimal");
    boolean balanced = strategy.equals("balanced");
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
