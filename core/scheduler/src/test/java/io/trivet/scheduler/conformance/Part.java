package io.trivet.scheduler.conformance;

/// What is compared of a case.
enum Part {
  /// The status before.
  CURRENT,
  /// The Transition Summary, line by line.
  SUMMARY,
  /// The executed actions, as a set.
  ACTIONS,
  /// Every action is executed after those that the recorded graph puts before it.
  ORDER,
  /// The status after.
  REVISED,
  /// The whole summary file, byte for byte.
  WHOLE,
  /// The scores of all resources on all nodes.
  SCORES,
  /// The transition graph: the same actions, each with the same ones before it.
  GRAPH;

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
