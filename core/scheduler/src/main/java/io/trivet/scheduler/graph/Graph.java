package io.trivet.scheduler.graph;

import io.trivet.scheduler.model.Action;
import java.util.List;

/// What is done in a transition, each with what it waits for; in the order in which it was put in.
///
/// @param synapses one for each action that is done
public record Graph(List<Synapse> synapses) {
  public Graph {
    synapses = List.copyOf(synapses);
  }

  /// An action of the graph.
  ///
  /// @param id its number, from 0
  /// @param priority those with a higher one are not given up when the transition is aborted
  /// @param inputs what has to have ended before, in the order of the graph
  public record Synapse(int id, int priority, Action action, List<Action> inputs) {
    public Synapse {
      inputs = List.copyOf(inputs);
    }
  }
}
