package io.trivet.scheduler.text;

import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.model.Action;

/// A drawing of a transition graph in the DOT language: an arrow leads to an action from each that
/// it waits for.
public final class GraphDot {
  private GraphDot() {}

  /// @return the whole file
  public static String of(Graph graph) {
    StringBuilder text = new StringBuilder("digraph \"transition\" {\n");
    for (Graph.Synapse synapse : graph.synapses()) {
      text.append("  ").append(name(synapse.action())).append(style(synapse.action()));
      for (Action input : synapse.inputs()) {
        text.append("  ").append(name(input)).append(" -> ").append(name(synapse.action()));
        text.append(" [style=bold]\n");
      }
    }
    return text.append("}\n").toString();
  }

  private static String style(Action action) {
    String font = action.is(Action.Flag.PSEUDO) ? "orange" : "black";
    return " [style=bold color=\"green\" fontcolor=\"" + font + "\"]\n";
  }

  private static String name(Action action) {
    String task = action.task.equals("cancel") ? "cancel " : "";
    String node = action.node == null ? "" : " " + action.node.name;
    return quoted(task + action.key + node);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
