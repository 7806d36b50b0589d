package io.trivet.lab.observe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How an address was held in a stretch of time in which nothing was broken.
///
/// @param firstNanos from the begin to the first answer of anybody; -1 when there was none
/// @param moves how often the controller that answers changed after that: each is a false one
/// @param gapNanos the longest time without an answer after the first
/// @param twoNanos time in which two controllers answered
public record Held(long firstNanos, int moves, long gapNanos, long twoNanos) {

  /// @param from the begin, in nanoseconds of [System#nanoTime]
  /// @param until the end
  public static Held of(Map<String, Answers> holders, long from, long until) {
    List<Long> all = new ArrayList<>();
    TreeMap<Long, String> who = new TreeMap<>();
    holders.forEach(
        (name, answers) ->
            answers.nanos().stream()
                .filter(at -> at >= from && at <= until)
                .forEach(
                    at -> {
                      all.add(at);
                      who.put(at, name);
                    }));
    if (all.isEmpty()) {
      return new Held(-1, 0, until - from, 0);
    }
    long first = who.firstKey();
    return new Held(
        first - from,
        changes(who.values()),
        new Answers(all).longestGapNanos(first, until),
        Answers.twoAtOnceNanos(holders.values(), Observer.PAUSE_NANOS, Observer.PROBE_NANOS));
  }

  private static int changes(Collection<String> names) {
    int changes = 0;
    String last = "";
    for (String name : names) {
      if (!name.equals(last) && !last.isEmpty()) {
        changes++;
      }
      last = name;
    }
    return changes;
  }
}
