package io.trivet.cluster.state;

import java.util.List;

/// An operator's word that a resource may be recovered from one member, although others may hold
/// what it lacks. It is about one [Recovery]: it ends when that is over, when the member is told to
/// start from its data, when more would be lost than was accepted, or when it is taken back.
///
/// @param node the member to recover from
/// @param lost members of which it was said that what only they hold is lost
/// @param epoch index of the log entry
/// @param atMillis wall time of the command
/// @param by who accepted it
public record AcceptedLoss(String node, List<String> lost, long epoch, long atMillis, String by) {
  public AcceptedLoss {
    Check.name("node of an accepted loss", node);
    // A snapshot from before losses were named accepts none.
    lost = lost == null ? List.of() : Check.names("member in an accepted loss", lost);
    Check.notNegative("epoch of an accepted loss", epoch);
    Check.notNegative("time of an accepted loss", atMillis);
    Check.name("author of an accepted loss", by);
  }

  /// True if the recovery still lets `node` be chosen, and at no higher price.
  public boolean covers(Recovery recovery) {
    List<String> now = recovery.choices().get(node);
    return now != null && lost.containsAll(now);
  }
}
