package io.trivet.scheduler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Why each resource has the score that it has on each node: what changed it, in the order in which
/// it was changed. Kept only when somebody asks for an explanation.
public final class Reasons {
  /// One change.
  ///
  /// @param node the node whose score changed
  /// @param before null where the node was not among the candidates
  /// @param after null where the node is no candidate any more
  /// @param what changed it, a clause such as `it runs there`
  /// @param id of the constraint or attribute that did, or the empty string
  /// @param line where that stands in the file, or 0
  public record Step(
      String node,
      @Nullable Integer before,
      @Nullable Integer after,
      String what,
      String id,
      int line) {}

  private final SequencedMap<Resource, NodeScores> last = new LinkedHashMap<>();
  private final SequencedMap<Resource, List<Step>> steps = new LinkedHashMap<>();

  /// Notes how the scores of the resource differ from when it was last asked, and that this is why.
  public void step(Resource resource, String what, String id, int line) {
    NodeScores before = last.get(resource);
    NodeScores now = resource.allowed;
    List<Step> noted = steps.computeIfAbsent(resource, r -> new ArrayList<>());
    for (NodeScores.Candidate candidate : now.list()) {
      NodeScores.Candidate old = before == null ? null : before.get(candidate.node);
      if (old == null || old.score != candidate.score) {
        noted.add(
            new Step(
                candidate.node.name,
                old == null ? null : old.score,
                candidate.score,
                what,
                id,
                line));
      }
    }
    if (before != null) {
      for (NodeScores.Candidate old : before.list()) {
        if (!now.contains(old.node)) {
          noted.add(new Step(old.node.name, old.score, null, what, id, line));
        }
      }
    }
    last.put(resource, now.copy());
  }

  /// What changed the score of the resource on the node, first to last.
  public List<Step> of(Resource resource, Node node) {
    return steps.getOrDefault(resource, List.of()).stream()
        .filter(s -> s.node.equals(node.name))
        .toList();
  }
}
