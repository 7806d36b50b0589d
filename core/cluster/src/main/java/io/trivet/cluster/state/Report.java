package io.trivet.cluster.state;

import java.util.NavigableMap;
import java.util.TreeMap;

/// What a node sees of one resource on it. Nodes report when something changes, and whenever the
/// replicated report differs from what they see.
///
/// @param resource resource id of the cluster file's expansion
/// @param node the reporting controller
/// @param run what it is
/// @param actedEpoch epoch of the newest target that the agent has acted on, 0 = none yet
/// @param detail a short clause for people, e.g. `Synced, writer` or `exit code 1`; may be empty
/// @param facts what the service's policy needs, by names that the service defines
public record Report(
    String resource,
    String node,
    RunState run,
    long actedEpoch,
    String detail,
    NavigableMap<String, String> facts) {
  public Report {
    Check.name("resource of a report", resource);
    Check.name("node of a report", node);
    Check.given("run state of a report", run);
    Check.notNegative("acted epoch of a report", actedEpoch);
    Check.given("detail of a report", detail);
    facts = Check.sorted(Check.given("facts of a report", facts));
  }

  /// A report without facts.
  public static Report of(
      String resource, String node, RunState run, long actedEpoch, String detail) {
    return new Report(resource, node, run, actedEpoch, detail, new TreeMap<>());
  }
}
