package io.trivet.scheduler;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What the planner is told beside the agreed state: who leads, what time it is, what the leases
/// tell.
///
/// @param leader the member that plans; where there is no quorum, the member that was asked
/// @param quorum true if a majority of the members is in touch; without it nothing is planned
/// @param nowMillis wall time of the leader, for the pauses between tries
/// @param holders VIP → who answers for it as far as the leases tell; a VIP that nobody holds is
///   not in it
/// @param incarnations member → incarnation in its last pulse. Where it is not the one that the
///   state knows, the daemon there started anew, and the planner does not believe its old reports.
///   A member that is not in it is believed
public record LeaderView(
    String leader,
    boolean quorum,
    long nowMillis,
    NavigableMap<String, Held> holders,
    NavigableMap<String, Long> incarnations) {
  public LeaderView {
    holders = Collections.unmodifiableNavigableMap(new TreeMap<>(holders));
    incarnations = Collections.unmodifiableNavigableMap(new TreeMap<>(incarnations));
  }

  /// Who answers for a VIP.
  ///
  /// @param node the member
  /// @param epoch the assignment under which it got its lease; an old one means that a move is
  ///   under way
  public record Held(String node, long epoch) {}
}
