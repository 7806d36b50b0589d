package io.trivet.lab.observe;

import java.util.Map;

/// What the observer saw in a stretch of time.
///
/// @param from its begin, in nanoseconds of [System#nanoTime]
/// @param until its end
/// @param outageNanos longest gap in answers through the VIP
/// @param twoHoldersNanos time in which two controllers answered for the VIP
/// @param apiNanos longest time without a token
/// @param blindNanos longest time in which the observer itself did not ask: no gap is known better
///   than this
/// @param holders when each controller answered for the VIP
public record Sight(
    long from,
    long until,
    long outageNanos,
    long twoHoldersNanos,
    long apiNanos,
    long blindNanos,
    Map<String, Answers> holders) {

  /// How often the controller that answers changed between begin and end.
  public int moves() {
    return Held.of(holders, from, until).moves();
  }
}
