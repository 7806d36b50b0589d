package io.trivet.scheduler;

import io.trivet.cluster.state.Command;
import java.util.List;

/// What planning gave: what to decide now, what waits and why, what is wrong.
///
/// @param actions to be decided now, in this order; none depends on another having been carried out
/// @param waiting what is wanted and must wait
/// @param problems what is wrong and what to do, the worst first; empty = the cluster is healthy
/// @param againAtMillis when the passing of time alone can change the plan, in the leader's wall
///   time; [Long#MAX_VALUE] = never. Any change of the state is a reason to plan again as well
public record Transition(
    List<Action> actions, List<Waiting> waiting, List<Problem> problems, long againAtMillis) {
  public Transition {
    actions = List.copyOf(actions);
    waiting = List.copyOf(waiting);
    problems = List.copyOf(problems);
  }

  /// True if there is nothing to decide.
  public boolean isEmpty() {
    return actions.isEmpty();
  }

  /// All actions as one log entry.
  public Command command() {
    return new Command.Batch(actions.stream().map(Action::command).toList());
  }
}
