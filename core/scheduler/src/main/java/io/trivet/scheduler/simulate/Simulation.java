package io.trivet.scheduler.simulate;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Scores;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Executes a plan as if every action succeeded, or failed as asked for, on a copy of the CIB.
///
/// Goes through the graph from its beginning and executes what is ready, again and again until
/// nothing is; so what comes late in the graph can be executed in the same round as that which it
/// waited for.
public final class Simulation {
  /// What became of a plan.
  ///
  /// @param cib the CIB after it: a new one
  /// @param executed in their order
  /// @param lines a line for each
  public record Result(Element cib, List<Action> executed, List<String> lines) {
    public Result {
      executed = List.copyOf(executed);
      lines = List.copyOf(lines);
    }
  }

  private final Graph graph;
  private final History history;
  private final Element cib;
  private final List<Failing> failing;
  private final ExecutedNames names;
  private final boolean[] confirmed;
  private final List<Action> executed = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private boolean aborted;

  private Simulation(Cluster cluster, Graph graph, List<Failing> failing) {
    this.graph = graph;
    this.cib = cluster.cib.copy();
    this.failing = failing;
    this.history = new History(cib, cluster);
    this.names = new ExecutedNames(cluster);
    this.confirmed = new boolean[cluster.nextActionId + 1];
  }

  /// Executes the plan; the cluster and its CIB stay as they are.
  public static Result run(Cluster cluster, Graph graph, List<Failing> failing) {
    return new Simulation(cluster, graph, failing).run();
  }

  private Result run() {
    SequencedSet<Graph.Synapse> waiting = new LinkedHashSet<>(graph.synapses());
    boolean fired = true;
    while (fired) {
      fired = waiting.removeIf(this::fire);
    }
    return new Result(cib, executed, lines);
  }

  private boolean fire(Graph.Synapse synapse) {
    if (aborted && synapse.priority() < Scores.INFINITY) {
      return false;
    }
    for (Action input : synapse.inputs()) {
      if (!confirmed[input.id]) {
        return false;
      }
    }
    confirmed[synapse.action().id] = execute(synapse.action());
    return true;
  }

  /// @return whether it succeeded
  private boolean execute(Action action) {
    executed.add(action);
    if (action.is(Action.Flag.PSEUDO)) {
      lines.add(ExecutionText.pseudo(action));
      return true;
    }
    return switch (action.task) {
      case "stonith" -> fence(action);
      case "do_shutdown", "clear_failcount", "lrm_delete" -> {
        lines.add(ExecutionText.cluster(action, names));
        yield true;
      }
      default -> resource(action);
    };
  }

  private boolean fence(Action action) {
    if (action.node == null) {
      throw new IllegalStateException(action.key + " without a node");
    }
    String how = action.meta.getOrDefault("stonith_action", "reboot");
    lines.add(ExecutionText.fence(action.node, how));
    if (!how.equals("on")) {
      history.fenced(action.node);
    }
    return true;
  }

  private boolean resource(Action action) {
    if (action.resource == null || action.node == null) {
      throw new IllegalStateException(action.key + " without a resource or a node");
    }
    String name = names.of(action.resource);
    lines.add(ExecutionText.resource(name, action));
    if (action.task.equals("delete") || action.task.equals("meta-data")) {
      return true;
    }
    int wanted = History.wantedResult(action);
    Failing failure = failure(action, name);
    int result = failure == null ? wanted : failure.result();
    history.add(
        History.Operation.of(action), name, names.configured(action.resource), wanted, result);
    if (failure == null) {
      return true;
    }
    aborted = true;
    history.countFailure(
        action.node, failure.resource(), action.task, action.intervalMillis, result);
    return false;
  }

  private @Nullable Failing failure(Action action, String name) {
    for (Failing one : failing) {
      if (one.concerns(action, name)) {
        return one;
      }
    }
    return null;
  }
}
