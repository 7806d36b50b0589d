package io.trivet.scheduler.explain;

import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.explain.Explanation.Cause;
import io.trivet.scheduler.explain.Explanation.Place;
import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.Reasons;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.story.Because;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Explains resources of one plan that was made with [Cluster#reasons].
public final class Explain {
  /// A role that follows from the place alone: the places say why.
  private static final String ASSIGNED = "assignment";

  private final Cluster cluster;
  private final SequencedMap<Action, Graph.Synapse> synapses = new LinkedHashMap<>();

  /// @param plan made with its reasons noted
  public Explain(PlanRun.Result plan) {
    cluster = plan.cluster();
    plan.graph().synapses().forEach(s -> synapses.put(s.action(), s));
  }

  /// The resources that an operator means by that id: the resource itself; for a clone, a group or
  /// a bundle what is in it; for what is cloned, its instances. Empty where there is none.
  public List<Resource> meant(String id) {
    List<Resource> found = new ArrayList<>();
    Resource exact = cluster.resource(id);
    if (exact != null) {
      exact.flattened().stream().filter(r -> r instanceof Resource.Primitive).forEach(found::add);
    } else {
      cluster.resourcesById.values().stream()
          .filter(r -> r.historyId.equals(id) || r.id.startsWith(id + ":"))
          .flatMap(r -> r.flattened().stream())
          .filter(r -> r instanceof Resource.Primitive)
          .distinct()
          .forEach(found::add);
    }
    return found;
  }

  /// The ids that an operator may ask for: the outermost resources.
  public List<String> known() {
    return cluster.resources.stream().map(r -> r.id).toList();
  }

  /// Explains one of [#meant].
  public Explanation of(Resource resource) {
    Resource placed = placedWith(resource);
    List<Place> places = new ArrayList<>();
    for (Node node : cluster.nodes) {
      places.add(place(resource, placed, node));
    }
    places.sort(
        Comparator.comparing((Place p) -> !p.chosen())
            .thenComparing(p -> p.never() != null)
            .thenComparing(
                p -> p.score() == null ? Integer.MIN_VALUE : p.score(), Comparator.reverseOrder()));
    String agent = resource instanceof Resource.Primitive p ? p.agent() : "";
    return new Explanation(
        resource.id, agent, summary(resource), places, actions(resource), List.of());
  }

  /// Members of a group go where its first one goes.
  private static Resource placedWith(Resource resource) {
    Resource parent = resource.parent;
    return parent instanceof Resource.Group group && !group.members.isEmpty()
        ? group.members.getFirst()
        : resource;
  }

  private static String summary(Resource resource) {
    String now = where(resource.role, resource.runningOn);
    Node to = resource.assignedTo;
    List<Node> next = to == null || !resource.nextRole.active() ? List.of() : List.of(to);
    String then = where(resource.nextRole, next);
    String name = resource.id;
    if (now.equals(then)) {
      return name + " " + now + (next.isEmpty() ? ", and stays so." : ", and stays there.");
    }
    String why = resource.nextRoleReason;
    String because =
        why == null || why.equals(ASSIGNED)
            ? ""
            : " (" + (why.equals("target-role") ? "its target-role" : Because.clause(why)) + ")";
    return name
        + " "
        + now
        + ", and "
        + then.replaceFirst("^is |^runs ", "will be ")
        + because
        + ".";
  }

  private static String where(Role role, List<Node> nodes) {
    if (nodes.isEmpty()) {
      return "is stopped";
    }
    String on = " on " + String.join(" and ", nodes.stream().map(n -> n.name).toList());
    return switch (role) {
      case PROMOTED -> "is promoted" + on;
      case UNPROMOTED -> "is unpromoted" + on;
      case STARTED, STOPPED, UNKNOWN -> "is started" + on;
    };
  }

  private Place place(Resource resource, Resource placed, Node node) {
    NodeScores.Candidate candidate = placed.allowed.get(node);
    List<Cause> causes = new ArrayList<>();
    Cause decisive = state(node);
    if (cluster.reasons != null) {
      for (Reasons.Step step : cluster.reasons.of(placed, node)) {
        Cause cause = cause(step);
        // What the candidates were at first is nobody's doing, unless they had a score already.
        if (step.before() != null || cause.change() == null || cause.change() != 0) {
          causes.add(cause);
        }
        boolean bans = step.after() != null && step.after() <= -Scores.INFINITY;
        boolean banned = step.before() != null && step.before() <= -Scores.INFINITY;
        if (decisive == null && bans && !banned) {
          decisive = cause;
        }
      }
    }
    boolean never = candidate == null || candidate.score <= -Scores.INFINITY || state(node) != null;
    if (never && decisive == null) {
      Resource sibling = siblingOn(placed, node);
      String why =
          sibling == null ? "nothing allows it there" : sibling.id + " is there, one a node";
      decisive = new Cause(null, why, "", 0);
    }
    return new Place(
        node.name,
        candidate == null ? null : candidate.score,
        resource.runningOn.contains(node),
        node.equals(resource.assignedTo) && resource.nextRole.active(),
        never ? decisive : null,
        causes);
  }

  /// Another instance of the same clone that shall be on the node, or null.
  private static @Nullable Resource siblingOn(Resource placed, Node node) {
    if (!(placed.parent instanceof Resource.Clone clone)) {
      return null;
    }
    return clone.instances.stream()
        .filter(i -> !i.equals(placed) && node.equals(i.assignedTo))
        .findFirst()
        .orElse(null);
  }

  private static Cause cause(Reasons.Step step) {
    Integer before = step.before();
    Integer after = step.after();
    Integer change = null;
    if (after != null && Math.abs(after) >= Scores.INFINITY) {
      change = after;
    } else if (after != null) {
      change = after - (before == null ? 0 : before);
    }
    return new Cause(change, step.what(), step.id(), step.line());
  }

  /// Why nothing can run on the node at all, or null.
  private static @Nullable Cause state(Node node) {
    String is = null;
    if (node.unclean) {
      String why = node.fenceReason == null ? "" : ": " + node.fenceReason;
      is = node.name + " has to be fenced" + why;
    } else if (!node.online) {
      is = node.name + " is offline";
    } else if (node.pending) {
      is = node.name + " is still joining";
    } else if (node.shutdown) {
      is = node.name + " shuts down";
    } else if (node.standby || node.standbyOnFail) {
      is = node.name + " is in standby";
    } else if (node.maintenance) {
      return null;
    }
    return is == null ? null : new Cause(null, is, "", 0);
  }

  private List<Explanation.Step> actions(Resource resource) {
    List<Explanation.Step> steps = new ArrayList<>();
    for (Graph.Synapse synapse : synapses.values()) {
      Action action = synapse.action();
      if (!resource.equals(action.resource) || action.node == null) {
        continue;
      }
      String what = action.task;
      if (what.equals("monitor")) {
        what = action.intervalMillis == 0 ? "probe" : "monitor every " + seconds(action);
      }
      List<String> waits = new ArrayList<>();
      collect(synapse, waits, new ArrayList<>());
      steps.add(new Explanation.Step(what + " on " + action.node.name, action.reason, waits));
    }
    // What is wanted and cannot be done is the first thing to know.
    for (Action action : resource.actions) {
      boolean wanted = !action.is(Action.Flag.OPTIONAL) && !synapses.containsKey(action);
      if (wanted && !action.is(Action.Flag.RUNNABLE) && action.reason != null) {
        String on = action.node == null ? "" : " on " + action.node.name;
        steps.addFirst(
            new Explanation.Step(action.task + on + " is not possible", action.reason, List.of()));
      }
    }
    return steps;
  }

  private static String seconds(Action action) {
    return action.intervalMillis % 1000 == 0
        ? action.intervalMillis / 1000 + " s"
        : action.intervalMillis + " ms";
  }

  /// The real actions before it, those behind pseudo-actions too.
  private void collect(Graph.Synapse synapse, List<String> waits, List<Action> seen) {
    for (Action input : synapse.inputs()) {
      if (seen.contains(input)) {
        continue;
      }
      seen.add(input);
      if (input.is(Action.Flag.PSEUDO)) {
        Graph.Synapse before = synapses.get(input);
        if (before != null) {
          collect(before, waits, seen);
        }
      } else {
        boolean fencing = input.task.equals("stonith");
        String of = input.resource == null ? "" : " of " + input.resource.id;
        String on = input.node == null ? "" : (fencing ? " of " : " on ") + input.node.name;
        waits.add((fencing ? "fencing" : input.task) + of + on);
      }
    }
  }
}
