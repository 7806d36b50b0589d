package io.trivet.scheduler.text;

import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.model.Action;
import java.util.function.Consumer;

/// A drawing of a transition graph in the DOT language: an arrow leads to an action from each that
/// it waits for.
public final class GraphDot {
  private GraphDot() {}

  /// @return the whole file
  public static String of(Graph graph) {
    StringBuilder text = new StringBuilder();
    write(graph, text::append);
    return text.toString();
  }

  /// The same piece by piece: of a large cluster it is many megabytes.
  public static void write(Graph graph, Consumer<? super String> out) {
    StringBuilder text = new StringBuilder("digraph \"transition\" {\n");
    StringBuilder then = new StringBuilder();
    for (Graph.Synapse synapse : graph.synapses()) {
      then.setLength(0);
      name(synapse.action(), then);
      text.append("  ").append(then).append(style(synapse.action()));
      for (Action input : synapse.inputs()) {
        text.append("  ");
        name(input, text);
        text.append(" -> ").append(then).append(" [style=bold]\n");
      }
      if (text.length() > PIECE) {
        out.accept(text.toString());
        text.setLength(0);
      }
    }
    out.accept(text.append("}\n").toString());
  }

  private static final int PIECE = 1 << 15;

  private static String style(Action action) {
    return action.is(Action.Flag.PSEUDO) ? PSEUDO : EXECUTED;
  }

  private static final String PSEUDO = " [style=bold color=\"green\" fontcolor=\"orange\"]\n";
  private static final String EXECUTED = " [style=bold color=\"green\" fontcolor=\"black\"]\n";

  private static void name(Action action, StringBuilder into) {
    into.append('"');
    if (action.task.equals("cancel")) {
      into.append("cancel ");
    }
    quote(action.key, into);
    if (action.node != null) {
      into.append(' ');
      quote(action.node.name, into);
    }
    into.append('"');
  }

  private static void quote(String text, StringBuilder into) {
    if (text.indexOf('"') < 0 && text.indexOf('\\') < 0) {
      into.append(text);
    } else {
      into.append(text.replace("\\", "\\\\").replace("\"", "\\\""));
    }
  }
}
