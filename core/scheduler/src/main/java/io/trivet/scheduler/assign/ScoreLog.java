package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import org.jspecify.annotations.Nullable;

/// Scores as they stand at each step, in Pacemaker's words, for those who ask for them.
final class ScoreLog {
  private ScoreLog() {}

  /// The scores of all candidates of the resource and of what it contains.
  static void show(Cluster cluster, Resource resource, String step) {
    if (cluster.scoreLog == null || resource.is(Flag.REMOVED)) {
      return;
    }
    for (Candidate candidate : resource.allowed) {
      cluster.scoreLog.add(
          step
              + ": "
              + resource.id
              + " allocation score on "
              + candidate.node.name
              + ": "
              + Scores.text(candidate.score));
    }
    for (Resource child : resource.children()) {
      show(cluster, child, step);
    }
  }

  /// How much an instance wants to be promoted.
  static void promotion(Cluster cluster, Resource instance, @Nullable Node node) {
    if (cluster.scoreLog != null) {
      cluster.scoreLog.add(
          instance.id
              + " promotion score "
              + (node == null ? "(inactive)" : "on " + node.name)
              + ": "
              + Scores.text(instance.promotionOrder));
    }
  }
}
