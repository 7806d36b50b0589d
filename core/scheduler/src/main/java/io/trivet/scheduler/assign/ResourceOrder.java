package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Scores;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// In which order resources are assigned where capacity is counted: by priority, then those that
/// want most to stay where they are, then those that want any node most.
final class ResourceOrder {
  private ResourceOrder() {}

  private record Ranked(Resource resource, NodeScores scores, int onCurrent) {}

  static void sort(Cluster cluster) {
    List<Candidate> nodes = new ArrayList<>();
    for (Node node : cluster.nodes) {
      nodes.add(new Candidate(node, node.score, NodeScores.Probing.ALWAYS));
    }
    NodeOrder.sort(cluster, nodes, null);
    List<Ranked> ranked = new ArrayList<>();
    cluster.resources.forEach(r -> ranked.add(rank(r)));
    Sorting.sort(ranked, (a, b) -> compare(a, b, nodes));
    for (int i = 0; i < ranked.size(); i++) {
      cluster.resources.set(i, ranked.get(i).resource());
    }
  }

  private static Ranked rank(Resource resource) {
    NodeScores scores =
        ColocatedScores.add(resource, resource, null, null, 1, ColocatedScores.THIS_WITH);
    NodeScores known = scores == null ? new NodeScores() : scores;
    return new Ranked(resource, known, score(known, Places.current(resource)));
  }

  private static int score(NodeScores scores, @Nullable Node node) {
    return node == null ? -Scores.INFINITY : scores.score(node, -Scores.INFINITY);
  }

  private static int compare(Ranked a, Ranked b, List<Candidate> nodes) {
    int byPriority = Integer.compare(b.resource().priority, a.resource().priority);
    if (byPriority != 0) {
      return byPriority;
    }
    int byCurrent = Integer.compare(b.onCurrent(), a.onCurrent());
    if (byCurrent != 0) {
      return byCurrent;
    }
    for (Candidate node : nodes) {
      int byScore = Integer.compare(score(b.scores(), node.node), score(a.scores(), node.node));
      if (byScore != 0) {
        return byScore;
      }
    }
    return 0;
  }
}
