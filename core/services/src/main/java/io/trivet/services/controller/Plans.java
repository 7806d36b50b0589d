package io.trivet.services.controller;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.scheduler.LeaderView;
import io.trivet.scheduler.Planner;
import io.trivet.scheduler.Transition;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.live.ClusterCib;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The planner as a controller asks it: with what is known here about who answers for which VIP.
public final class Plans {
  private Plans() {}

  /// What is to be done, what waits, what is wrong. Without quorum only what is wrong.
  public static Transition of(
      ServiceSet services, ClusterState state, String self, boolean quorum, long atMillis) {
    return Planner.plan(
        services.configuration(), state, view(state, self, quorum, atMillis), services.policies());
  }

  /// The CIB that a plan of that state is made from.
  public static Element schedulerInput(
      ServiceSet services, ClusterState state, String self, boolean quorum, long atMillis) {
    return ClusterCib.of(services.configuration(), state, view(state, self, quorum, atMillis));
  }

  static LeaderView view(ClusterState state, String self, boolean quorum, long atMillis) {
    NavigableMap<String, LeaderView.Held> holders = new TreeMap<>();
    for (String vip : state.roster().vips()) {
      for (String node : state.roster().nodes()) {
        Report report = state.report(vip, node);
        if (report != null && report.run() == RunState.STARTED) {
          holders.put(vip, new LeaderView.Held(node, report.actedEpoch()));
        }
      }
    }
    return new LeaderView(self, quorum, atMillis, holders, new TreeMap<>());
  }
}
