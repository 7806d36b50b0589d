package io.trivet.cluster.state;

/// A wish of an operator about one resource: where it should be, or from which member it should be
/// recovered.
///
/// @param node the controller that the wish names
/// @param epoch index of the log entry
/// @param atMillis wall time of the command
/// @param by who wished it
public record OperatorWish(String node, long epoch, long atMillis, String by) {
  public OperatorWish {
    Check.name("node of a wish", node);
    Check.notNegative("epoch of a wish", epoch);
    Check.notNegative("time of a wish", atMillis);
    Check.name("author of a wish", by);
  }
}
