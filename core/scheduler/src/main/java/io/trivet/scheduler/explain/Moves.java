package io.trivet.scheduler.explain;

import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.simulate.Injection;
import io.trivet.scheduler.simulate.Injections;
import io.trivet.scheduler.unpack.Unpacker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What would change the place of a resource, found by planning as if it were so.
public final class Moves {
  private final Element cib;
  private final long now;
  private final SequencedMap<String, PlanRun.Result> without = new LinkedHashMap<>();

  /// @param cib the input that is explained; it is not changed
  public Moves(Element cib, long now) {
    this.cib = cib;
    this.now = now;
  }

  /// The explanation with what would make the resource move.
  public Explanation added(Explanation explanation, Resource resource) {
    List<String> moves = new ArrayList<>(explanation.moves());
    Node place = resource.assignedTo;
    if (place != null && resource.nextRole.active()) {
      moves.add(ifGone(resource, place));
      String next = preferred(explanation, place);
      // Instances of a clone are alike: which of them is where is of no interest.
      if (next != null && !(resource.top() instanceof Resource.Clone)) {
        moves.add(next);
      }
    }
    return new Explanation(
        explanation.resource(),
        explanation.agent(),
        explanation.summary(),
        explanation.places(),
        explanation.actions(),
        moves);
  }

  private String ifGone(Resource resource, Node place) {
    PlanRun.Result plan = without.computeIfAbsent(place.name, this::withoutNode);
    Resource then = plan.cluster().resource(resource.id);
    boolean runs = then != null && then.assignedTo != null && then.nextRole.active();
    return "Without "
        + place.name
        + " it would "
        + (runs && then != null && then.assignedTo != null
            ? "be on " + then.assignedTo.name + "."
            : "be down: no other node can have it, or others of its kind are everywhere else.");
  }

  private PlanRun.Result withoutNode(String node) {
    Element changed =
        Injections.apply(
            Unpacker.unpack(cib.copy(), now), List.of(new Injection.Standby(node, true)));
    return PlanRun.plan(changed, now, false);
  }

  /// The score that another node would have to have.
  private static @Nullable String preferred(Explanation explanation, Node place) {
    Integer here = null;
    Explanation.Place best = null;
    for (Explanation.Place candidate : explanation.places()) {
      if (candidate.node().equals(place.name)) {
        here = candidate.score();
      } else if (candidate.never() == null && candidate.score() != null && best == null) {
        best = candidate;
      }
    }
    if (here == null || best == null || best.score() == null || here >= 1_000_000) {
      return null;
    }
    int more = here - best.score() + 1;
    return more <= 0
        ? null
        : "It would go to " + best.node() + " with a score of " + more + " more there.";
  }
}
