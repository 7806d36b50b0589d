package io.trivet.scheduler.unpack;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.NodeScores.Probing;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Scores;

/// Adds to the scores of nodes for a resource and all in it.
public final class AllowedNodes {
  private AllowedNodes() {}

  /// Adds to the score on that node. A node that was no candidate becomes one.
  public static void add(Resource resource, Node node, int score) {
    resource.children().forEach(c -> add(c, node, score));
    addOwn(resource, node, score);
  }

  /// Adds to the score on every node.
  public static void addEverywhere(Cluster cluster, Resource resource, int score) {
    cluster.nodes.forEach(n -> add(resource, n, score));
  }

  /// Makes every node a candidate, in a cluster where resources may run anywhere unless told
  /// otherwise. Nodes that belong to a bundle are left out. Resources within it were asked before.
  static void allowEverywhere(Cluster cluster, Resource resource) {
    for (Node node : cluster.nodes) {
      if (node.probing != Probing.NEVER) {
        addOwn(resource, node, 0);
      }
    }
  }

  /// Every node is a candidate with that score, whatever was known before.
  static void reset(Cluster cluster, Resource resource, int score) {
    NodeScores scores = new NodeScores(cluster.nodes.size());
    for (Node node : cluster.nodes) {
      scores.put(new Candidate(node, score, node.probing));
    }
    resource.allowed = scores;
  }

  private static void addOwn(Resource resource, Node node, int score) {
    Candidate candidate = resource.allowed.get(node);
    if (candidate == null) {
      candidate = resource.allowed.put(new Candidate(node, node.score, node.probing));
    }
    candidate.score = Scores.add(candidate.score, score);
  }
}
