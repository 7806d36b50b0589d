package io.trivet.scheduler.simulate;

import io.trivet.scheduler.model.Action;

/// An operation that shall fail in a simulation.
///
/// @param resource its id, with or without the number of an instance
/// @param task such as `start`
/// @param intervalMillis 0 for one that is not repeated
/// @param node the node's name
/// @param result the agent's exit code
public record Failing(String resource, String task, long intervalMillis, String node, int result) {

  /// @param name the name under which the action is executed
  boolean concerns(Action action, String name) {
    return action.node != null
        && action.resource != null
        && node.equals(action.node.name)
        && task.equals(action.task)
        && intervalMillis == action.intervalMillis
        && (resource.equals(name)
            || resource.equals(action.resource.id)
            || resource.equals(action.resource.xml.id()));
  }
}
