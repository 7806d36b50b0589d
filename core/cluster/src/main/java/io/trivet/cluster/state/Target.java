package io.trivet.cluster.state;

/// What the leader wants one resource on one node to be. A new target has a new epoch even when it
/// wants the same as the one before: for the agent that is the cluster's consent to try again.
///
/// @param resource resource id of the cluster file's expansion
/// @param node controller that has to act
/// @param wanted started or stopped
/// @param how the manner, a word of the service's policy, e.g. `bootstrap` or `join`; [#PLAIN]
///   where there is one manner only
/// @param epoch index of the log entry that set it
/// @param atMillis wall time of the leader that set it
/// @param reason why, in plain words
public record Target(
    String resource,
    String node,
    Wanted wanted,
    String how,
    long epoch,
    long atMillis,
    String reason) {
  /// The manner of resources that know one manner only, and of adopting what runs already.
  public static final String PLAIN = "plain";

  /// The manner that makes a member the first one of a database or a broker; at most one at a time.
  public static final String BOOTSTRAP = "bootstrap";

  /// The manner that starts a member without waiting for data that an operator gave up.
  public static final String FORCED = "forced";

  /// The manner that has a running member stop, so that it can be started anew in another manner.
  public static final String LEAVE = "leave";

  public Target {
    Check.name("resource of a target", resource);
    Check.name("node of a target", node);
    Check.given("wanted of a target", wanted);
    Check.name("how of a target", how);
    Check.notNegative("epoch of a target", epoch);
    Check.notNegative("time of a target", atMillis);
    Check.name("reason of a target", reason);
  }
}
