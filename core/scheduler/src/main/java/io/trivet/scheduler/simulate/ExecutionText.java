package io.trivet.scheduler.simulate;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Node;

/// A line for each action that is executed.
final class ExecutionText {
  private ExecutionText() {}

  static String pseudo(Action action) {
    String on =
        action.task.equals("stonith") && action.node != null ? " on " + action.node.name : "";
    return "Pseudo action:   " + action.key + on;
  }

  static String fence(Node node, String how) {
    return "Fencing " + node.name + " (" + how + ")";
  }

  static String cluster(Action action, ExecutedNames names) {
    String resource =
        action.resource == null ? "" : " for " + names.configured(action.resource);
    return "Cluster action:  " + action.task + resource + on(action);
  }

  static String resource(String name, Action action) {
    String interval = action.intervalMillis == 0 ? "" : "=" + action.intervalMillis;
    return "Resource action: %-15s %s%s%s".formatted(name, action.task, interval, on(action));
  }

  private static String on(Action action) {
    return action.node == null ? "" : " on " + action.node.name;
  }
}
