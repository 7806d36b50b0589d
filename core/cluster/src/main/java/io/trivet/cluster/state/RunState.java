package io.trivet.cluster.state;

/// What a node says about one resource on it.
public enum RunState {
  /// Not running, in order.
  STOPPED,
  /// On its way up; not yet of use to others.
  STARTING,
  /// Up and of use: what comes after it in an order constraint may start.
  STARTED,
  /// On its way down.
  STOPPING,
  /// Not running although it should, or running and of no use. The report's detail says why.
  FAILED,
  /// Not known: no report yet, or the node is gone since.
  UNKNOWN
}
