package io.trivet.scheduler.story;

import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.model.Action;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;

/// The actions of a plan in steps: an action is in the first step in which all that it waits for is
/// done. What only orders, notifications, and checks that begin with a start are not told; checks
/// whether something runs are told together for each node.
final class Steps {
  /// Recurring checks that are not told: they begin when the resource was started or promoted.
  private static final List<String> BEGINNINGS =
      List.of("start", "promote", "demote", "migrate_from");

  private final SequencedMap<Action, Integer> stepOf = new LinkedHashMap<>();
  private final TreeMap<Integer, SequencedSet<String>> lines = new TreeMap<>();
  private final SequencedMap<Integer, SequencedMap<String, List<String>>> probes = new TreeMap<>();

  private Steps() {}

  /// @param executed in an order in which each comes after what it waits for
  /// @return the lines of each step
  static List<List<String>> of(Graph graph, List<Action> executed) {
    Steps steps = new Steps();
    SequencedMap<Action, Graph.Synapse> synapses = new LinkedHashMap<>();
    graph.synapses().forEach(s -> synapses.put(s.action(), s));
    SequencedSet<String> begun = new LinkedHashSet<>();
    for (Action action : executed) {
      if (BEGINNINGS.contains(action.task)) {
        begun.add(place(action));
      }
    }
    for (Action action : executed) {
      int after = 0;
      Graph.Synapse synapse = synapses.get(action);
      if (synapse != null) {
        for (Action input : synapse.inputs()) {
          after = Math.max(after, steps.stepOf.getOrDefault(input, 0));
        }
      }
      steps.add(action, after, begun);
    }
    return steps.collected();
  }

  private void add(Action action, int after, SequencedSet<String> begun) {
    boolean check = action.task.equals("monitor") && action.intervalMillis > 0;
    boolean told =
        !action.is(Action.Flag.PSEUDO)
            && !action.task.equals("notify")
            && !(check && begun.contains(place(action)));
    stepOf.put(action, told ? after + 1 : after);
    if (!told) {
      return;
    }
    if (action.task.equals("monitor") && !check && action.resource != null && action.node != null) {
      probes
          .computeIfAbsent(after + 1, n -> new LinkedHashMap<>())
          .computeIfAbsent(action.node.name, n -> new ArrayList<>())
          .add(action.resource.id);
    } else {
      lines
          .computeIfAbsent(after + 1, n -> new LinkedHashSet<>())
          .add(phrase(action) + why(action));
    }
  }

  private static String why(Action action) {
    if (action.reason == null) {
      return "";
    }
    return action.task.equals("stonith") ? ": " + action.reason : ", " + Because.of(action.reason);
  }

  private List<List<String>> collected() {
    probes.forEach(
        (step, byNode) ->
            byNode.forEach(
                (node, resources) ->
                    lines
                        .computeIfAbsent(step, n -> new LinkedHashSet<>())
                        .addFirst("look on " + node + " whether there runs " + few(resources))));
    List<List<String>> steps = new ArrayList<>();
    lines.values().forEach(l -> steps.add(List.copyOf(l)));
    return steps;
  }

  private static String few(List<String> names) {
    if (names.size() <= 6) {
      return String.join(", ", names);
    }
    return String.join(", ", names.subList(0, 5)) + " and " + (names.size() - 5) + " more";
  }

  private static String place(Action action) {
    return (action.resource == null ? "" : action.resource.id)
        + " on "
        + (action.node == null ? "" : action.node.name);
  }

  private static String phrase(Action action) {
    String place = place(action);
    String node = action.node == null ? "a node" : action.node.name;
    String every = every(action.intervalMillis);
    return switch (action.task) {
      case "stonith" ->
          "fence " + node + " (" + action.meta.getOrDefault("stonith_action", "reboot") + ")";
      case "do_shutdown" -> "let " + node + " leave the cluster";
      case "migrate_to" -> "migrate " + place + " away, while it runs";
      case "migrate_from" -> "receive " + place;
      case "monitor" -> "check " + place + every;
      case "cancel" -> "no longer check " + place + every;
      case "clear_failcount" -> "forget the failures of " + place;
      case "delete", "lrm_delete" -> "forget the history of " + place;
      default -> action.task + " " + place;
    };
  }

  private static String every(long millis) {
    if (millis == 0) {
      return "";
    }
    return millis % 1000 == 0 ? " every " + millis / 1000 + " s" : " every " + millis + " ms";
  }
}
