package io.trivet.cluster.expand;

/// The role of a resource that a constraint speaks of, as in Pacemaker.
public enum Role {
  /// Running, in whatever role.
  STARTED,
  /// The role of a promotable clone's instance that leads.
  PROMOTED,
  /// The role of a promotable clone's instance that follows.
  UNPROMOTED,
  /// Not running.
  STOPPED
}
