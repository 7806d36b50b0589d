package io.trivet.scheduler;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What the planner is told beside the agreed state: who leads, what time it is, who answers for
/// the VIPs.
///
/// @param leader the member that plans; where there is no quorum, the member that was asked
/// @param quorum true if a majority of the members is in touch; without it nothing is planned
/// @param nowMillis wall time of the leader, for the pauses between tries
/// @param holders VIP → who answers for it as far as the leases tell; a VIP that nobody holds is
///   not in it
public record LeaderView(
    String leader, boolean quorum, long nowMillis, NavigableMap<String, Held> holders) {
  public LeaderView {
    holders = Collections.unmodifiableNavigableMap(new TreeMap<>(holders));
  }

  /// Who answers for a VIP.
  ///
  /// @param node the member
  /// @param epoch the assignment under which it got its lease; an old one means that a move is
  ///   under way
  public record Held(String node, long epoch) {}
}
