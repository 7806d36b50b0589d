package io.trivet.cluster.state;

/// One entry of the replicated log.
///
/// @param atMillis wall time of the proposer, for people and for pauses between tries
/// @param by who decided: a controller's name, `leader c1`, or an operator
/// @param basedOn index of the last entry that the proposer had applied when it decided, or
///   [#ANY_STATE] if the decision does not depend on the state. A target or an assignment that is
///   older than the last decision about the same resource is refused: two leaders cannot both
///   bootstrap
/// @param command what to change
public record Proposal(long atMillis, String by, long basedOn, Command command) {
  /// The decision holds whatever the state is: commands of operators and reports.
  public static final long ANY_STATE = -1;

  private static final String LEADER = "leader ";

  public Proposal {
    Check.notNegative("time of a proposal", atMillis);
    Check.name("author of a proposal", by);
    if (basedOn < ANY_STATE) {
      throw new IllegalArgumentException("index that a proposal is based on is " + basedOn);
    }
    Check.given("command of a proposal", command);
  }

  /// How a leader signs what it decides.
  public static String leader(String name) {
    return LEADER + name;
  }

  /// True for a decision of a leader. It counts only while that one leads: who has just lost the
  /// lead may not know it yet, and must not decide by way of the next leader.
  public boolean isDecision() {
    return by.startsWith(LEADER);
  }

  /// A proposal that does not depend on the state.
  public static Proposal of(long atMillis, String by, Command command) {
    return new Proposal(atMillis, by, ANY_STATE, command);
  }
}
