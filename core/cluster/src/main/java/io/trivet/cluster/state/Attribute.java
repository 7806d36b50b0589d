package io.trivet.cluster.state;

/// A decision of the leader that is neither a target nor an assignment, such as `galera.writer` =
/// c2.
///
/// @param value what was decided
/// @param epoch index of the log entry that decided it
/// @param sinceMillis wall time of the decision
/// @param reason why, in plain words
public record Attribute(String value, long epoch, long sinceMillis, String reason) {
  public Attribute {
    Check.name("value of an attribute", value);
    Check.notNegative("epoch of an attribute", epoch);
    Check.notNegative("time of an attribute", sinceMillis);
    Check.name("reason of an attribute", reason);
  }
}
