package io.trivet.scheduler.live;

import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What the scheduler decided for the running cluster: where each primitive shall run, and what
/// each start and stop still waits for.
///
/// Names of resources are those of the cluster file's expansion: an instance of a clone goes by the
/// name of what is cloned.
public final class Decided {
  /// An action that has to end first.
  ///
  /// @param task `start`, `stop`, `monitor` (a report is missing), or `stonith`
  /// @param resource the primitive, or null for the fencing of a node
  /// @param anywhere true if the same on another node would do as well
  public record Blocker(@Nullable String resource, String task, String node, boolean anywhere) {}

  private final Cluster cluster;
  private final SequencedMap<String, List<Resource>> instances = new LinkedHashMap<>();
  private final SequencedMap<Action, List<Action>> inputs = new LinkedHashMap<>();
  private final SequencedMap<String, Action> byTaskAndPlace = new LinkedHashMap<>();

  public Decided(Cluster cluster, Graph graph) {
    this.cluster = cluster;
    for (Resource resource : cluster.resourcesById.values()) {
      if (resource instanceof Resource.Primitive) {
        instances.computeIfAbsent(resource.historyId, k -> new ArrayList<>()).add(resource);
      }
    }
    for (Graph.Synapse synapse : graph.synapses()) {
      Action action = synapse.action();
      inputs.put(action, synapse.inputs());
      if (action.resource != null && action.node != null && !action.is(Action.Flag.PSEUDO)) {
        byTaskAndPlace.put(place(action.resource.historyId, action.task, action.node.name), action);
      }
    }
  }

  /// The working set, for explanations.
  public Cluster cluster() {
    return cluster;
  }

  /// True if the primitive shall run on the node.
  public boolean wanted(String primitive, String node) {
    return assigned(primitive).contains(node);
  }

  /// The nodes on which the primitive shall run.
  public SequencedSet<String> assigned(String primitive) {
    SequencedSet<String> nodes = new LinkedHashSet<>();
    for (Resource instance : instances.getOrDefault(primitive, List.of())) {
      Node node = instance.assignedTo;
      if (node != null && instance.nextRole.active()) {
        nodes.add(node.name);
      }
    }
    return nodes;
  }

  /// True if the plan has that task of the primitive on that node.
  public boolean planned(String primitive, String task, String node) {
    return byTaskAndPlace.containsKey(place(primitive, task, node));
  }

  /// What has to end before the task may be done there; empty if it may be done at once, or is not
  /// planned at all.
  public List<Blocker> waitsFor(String primitive, String task, String node) {
    Action action = byTaskAndPlace.get(place(primitive, task, node));
    SequencedSet<Blocker> blockers = new LinkedHashSet<>();
    if (action != null) {
      collect(action, action, false, blockers, new LinkedHashSet<>());
    }
    return List.copyOf(blockers);
  }

  /// Why a start that is wanted is not in the plan, a clause.
  public String whyNotStarted(String primitive, String node) {
    for (Resource instance : instances.getOrDefault(primitive, List.of())) {
      for (Action action : instance.actions) {
        if (action.task.equals("start")
            && action.node != null
            && action.node.name.equals(node)
            && !action.is(Action.Flag.RUNNABLE)
            && action.reason != null) {
          return action.reason;
        }
      }
    }
    return "the scheduler does not start it there now";
  }

  private void collect(
      Action of,
      Action action,
      boolean anywhere,
      SequencedSet<Blocker> blockers,
      SequencedSet<Action> visited) {
    List<Action> before = inputs.getOrDefault(action, List.of());
    boolean alternatives = action.is(Action.Flag.MIN_RUNNABLE);
    if (alternatives && enoughRun(action)) {
      return;
    }
    for (Action input : before) {
      if (!visited.add(input)) {
        continue;
      }
      Blocker blocker = blocker(of, input, anywhere || alternatives);
      if (blocker != null) {
        blockers.add(blocker);
      } else if (input.is(Action.Flag.PSEUDO)) {
        collect(of, input, anywhere || alternatives, blockers, visited);
      }
    }
  }

  /// Null where nothing is executed for the action, or where it does not hold up this one: the
  /// first look at an instance of a clone holds up only what is on its own node.
  private static @Nullable Blocker blocker(Action of, Action input, boolean anywhere) {
    if (input.is(Action.Flag.PSEUDO) || input.node == null) {
      return null;
    }
    if (input.resource == null) {
      return new Blocker(null, input.task, input.node.name, false);
    }
    boolean look = input.task.equals("monitor") && input.intervalMillis == 0;
    if (look && input.resource.parent != null && !input.node.equals(of.node)) {
      return null;
    }
    return switch (input.task) {
      case "start", "stop", "promote", "demote" ->
          new Blocker(input.resource.historyId, input.task, input.node.name, anywhere);
      case "monitor" ->
          look
              ? new Blocker(input.resource.historyId, input.task, input.node.name, anywhere)
              : null;
      default -> null;
    };
  }

  /// True if as many of the alternatives run already as are needed. A start that is in the graph
  /// still has to be done; one that is not, and could be, is done.
  private static boolean enoughRun(Action action) {
    int running = 0;
    for (Action.Relation relation : action.before) {
      Action first = relation.action;
      if (relation.flags.contains(OrderFlag.MIN_RUNNABLE)
          && (first.task.equals("start") || first.task.equals("promote"))
          && first.is(Action.Flag.RUNNABLE)
          && !first.is(Action.Flag.ADDED_TO_GRAPH)
          // One on its way up or down is of no use to others.
          && first.resource != null
          && first.resource.pendingTask == null) {
        running++;
      }
    }
    return running >= action.requiredRunnableBefore;
  }

  private static String place(String primitive, String task, String node) {
    return task + " " + primitive + " " + node;
  }
}
