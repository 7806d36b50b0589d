package io.trivet.cluster.state;

/// The last report of a node about a resource, and what the cluster remembers beyond it.
///
/// @param report the last report; its run state is UNKNOWN once the node is gone
/// @param sinceMillis wall time since when the run state is so
/// @param failures failures in a row, for the growing pause before the next try; 0 = none. A
///   failure after [ClusterState#STABLE_MILLIS] of running counts as the first one again
/// @param failedAtMillis wall time of the last failure; 0 = none
public record Observation(Report report, long sinceMillis, int failures, long failedAtMillis) {
  public Observation {
    Check.given("report of an observation", report);
    Check.notNegative("time of an observation", sinceMillis);
    Check.notNegative("failures of an observation", failures);
    Check.notNegative("time of a failure", failedAtMillis);
  }
}
