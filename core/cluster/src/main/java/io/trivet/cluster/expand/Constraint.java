package io.trivet.cluster.expand;

/// A rule between resources, or between a resource and a controller, in Pacemaker's terms.
public sealed interface Constraint {

  /// Its id, unique in a configuration.
  String id();

  /// Why it is there: a sentence for the operator.
  String reason();

  /// What is ordered.
  enum Action {
    START,
    STOP,
    PROMOTE,
    DEMOTE
  }

  /// How strict an order is.
  enum Kind {
    /// The second never happens before the first succeeded.
    MANDATORY,
    /// Only when both happen in the same transition.
    OPTIONAL,
    /// Never both at the same time, in whatever order.
    SERIALIZE
  }

  /// One action before another.
  ///
  /// @param id its id
  /// @param first the resource whose action comes first
  /// @param firstAction that action
  /// @param then the resource that waits
  /// @param thenAction what waits
  /// @param kind how strict
  /// @param symmetrical true when the opposite actions are ordered in reverse, so that `then` stops
  ///   before `first` does
  /// @param reason why it is there
  record Order(
      String id,
      String first,
      Action firstAction,
      String then,
      Action thenAction,
      Kind kind,
      boolean symmetrical,
      String reason)
      implements Constraint {}

  /// One resource where another is.
  ///
  /// @param id its id
  /// @param resource the resource that is placed
  /// @param role the role of it that the rule is for
  /// @param with the resource beside which it is placed; for a clone, an instance of it
  /// @param withRole the role that one has to be in
  /// @param score how much; [Score#INFINITY] means nowhere else
  /// @param reason why it is there
  record Colocation(
      String id, String resource, Role role, String with, Role withRole, Score score, String reason)
      implements Constraint {}

  /// One resource on a controller, or not.
  ///
  /// @param id its id
  /// @param resource the resource that is placed
  /// @param role the role of it that the rule is for
  /// @param node the controller
  /// @param score how much; [Score#NEVER] means not there
  /// @param reason why it is there
  record Location(String id, String resource, Role role, String node, Score score, String reason)
      implements Constraint {}
}
