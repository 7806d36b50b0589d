package io.trivet.cluster.state;

/// What the cluster has agreed on about a controller.
///
/// @param presence whether the cluster counts on it
/// @param sinceMillis wall time since when the presence is so; 0 = it was never heard
/// @param standby true if an operator wants no service on it
/// @param standbySinceMillis wall time of the last change of standby; 0 = never changed
/// @param incarnation number of the daemon's run whose reports the state holds, as in the pulses of
///   the lease; 0 = not known
public record NodeState(
    Presence presence,
    long sinceMillis,
    boolean standby,
    long standbySinceMillis,
    long incarnation) {
  public NodeState {
    Check.given("presence of a node", presence);
    Check.notNegative("time of a node's presence", sinceMillis);
    Check.notNegative("time of a node's standby", standbySinceMillis);
  }

  /// A controller of the cluster file that was not heard yet.
  static final NodeState UNHEARD = new NodeState(Presence.GONE, 0, false, 0, 0);

  public boolean present() {
    return presence == Presence.PRESENT;
  }

  /// True if it is present and an operator lets services run on it.
  public boolean eligible() {
    return present() && !standby;
  }
}
