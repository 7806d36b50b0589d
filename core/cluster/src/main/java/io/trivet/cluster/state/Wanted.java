package io.trivet.cluster.state;

/// What the leader wants a resource on a node to be.
public enum Wanted {
  STARTED,
  STOPPED
}
