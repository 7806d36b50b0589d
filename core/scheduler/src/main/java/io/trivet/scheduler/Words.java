package io.trivet.scheduler;

import io.trivet.scheduler.live.Decided;
import java.util.List;

/// Words of the sentences that planning makes.
final class Words {
  private Words() {}

  /// `c1`, `c1 and c2`, `c1, c2 and c3`.
  static String list(List<String> names) {
    if (names.size() < 2) {
      return names.isEmpty() ? "no controller" : names.getFirst();
    }
    return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  /// A span as an operator reads it, to the second, from a minute on to the minute.
  static String span(long millis) {
    long seconds = Math.max(0, millis) / 1000;
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? seconds / 60 + " min"
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }

  /// What an action on `node` waits for, a clause.
  static String blocker(Decided.Blocker blocker, String node) {
    if (blocker.resource() == null) {
      return "only its power can prove that "
          + blocker.node()
          + " does not run it any more, and Trivet has no switch for it";
    }
    return switch (blocker.task()) {
      case "start" ->
          blocker.resource()
              + " comes first, and is not up "
              + (blocker.node().equals(node) && !blocker.anywhere() ? "there" : "anywhere");
      case "stop" -> blocker.resource() + " stops first on " + blocker.node();
      case "monitor" -> blocker.node() + " has not reported " + blocker.resource() + " yet";
      default -> "it waits for the " + blocker.task() + " of " + blocker.resource();
    };
  }
}
