package io.trivet.scheduler.simulate;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Node;

/// A line for each action that is executed.
final class ExecutionText {
  private ExecutionText() {}

  static String pseudo(Action action) {
    String on =
        action.task.equals("stonith") && action.node != null ? " on " + action.node.name : "";
    return "Pseudo action:   " + key(action) + on;
  }

  /// The key of the action as it is executed: an instance goes by the name that its history has.
  private static String key(Action action) {
    String name = action.resource == null ? null : action.resource.historyName;
    if (name == null) {
      return action.key;
    }
    if (action.task.equals("notify")) {
      String type = action.meta.get("notify_type");
      String operation = action.meta.get("notify_operation");
      return name + "_" + type + "_notify_" + operation + "_0";
    }
    return name + "_" + action.task + "_" + action.intervalMillis;
  }

  static String fence(Node node, String how) {
    return "Fencing " + node.name + " (" + how + ")";
  }

  static String cluster(Action action, ExecutedNames names) {
    String resource = action.resource == null ? "" : " for " + names.configured(action.resource);
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
