package io.trivet.scheduler.constraints;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.NodeScores.Probing;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Scores;

/// Adds to the scores of nodes for a resource and all that it contains.
public final class Bans {
  private Bans() {}

  /// On one node; where it was no candidate it becomes one.
  public static void on(Resource resource, Node node, int score) {
    resource.children().forEach(c -> on(c, node, score));
    Candidate candidate = resource.allowed.get(node);
    if (candidate == null) {
      candidate = resource.allowed.put(new Candidate(node, node.score, Probing.ALWAYS));
    }
    candidate.score = Scores.add(candidate.score, score);
  }

  /// On every node. A resource that is banned everywhere is assigned nowhere any more.
  public static void everywhere(Cluster cluster, Resource resource, int score) {
    for (Node node : cluster.nodes) {
      on(resource, node, score);
    }
    if (score <= -Scores.INFINITY) {
      resource.assignedTo = null;
    }
  }
}
