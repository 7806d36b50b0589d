package io.trivet.scheduler.text;

import io.trivet.scheduler.model.Cluster;

/// The score of every resource on every node, by the step that gave it.
public final class ScoresText {
  private ScoresText() {}

  /// A line for each, sorted; empty where scores were not asked for.
  public static String of(Cluster cluster) {
    StringBuilder text = new StringBuilder();
    if (cluster.scoreLog != null) {
      cluster.scoreLog.stream().sorted().forEach(line -> text.append(line).append('\n'));
    }
    return text.toString();
  }
}
