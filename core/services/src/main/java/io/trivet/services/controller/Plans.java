package io.trivet.services.controller;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.scheduler.LeaderView;
import io.trivet.scheduler.Planner;
import io.trivet.scheduler.Transition;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.live.ClusterCib;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The planner as a controller asks it: with what is known here about who answers for which VIP.
public final class Plans {
  private Plans() {}

  /// What is to be done, what waits, what is wrong. Without quorum only what is wrong.
  ///
  /// @param incarnations member → the run of its daemon that is heard now
  public static Transition of(
      ServiceSet services,
      ClusterState state,
      String self,
      boolean quorum,
      long atMillis,
      NavigableMap<String, Long> incarnations) {
    return Planner.plan(
        services.configuration(),
        state,
        view(state, self, quorum, atMillis, incarnations),
        services.policies());
  }

  /// The CIB that a plan of that state is made from.
  ///
  /// @param incarnations as in [#of]
  public static Element schedulerInput(
      ServiceSet services,
      ClusterState state,
      String self,
      boolean quorum,
      long atMillis,
      NavigableMap<String, Long> incarnations) {
    return ClusterCib.of(
        services.configuration(), state, view(state, self, quorum, atMillis, incarnations));
  }

  /// The state without what earlier runs of the daemons reported: as it will be when the log says
  /// that these runs began. For looking only, never for deciding.
  public static ClusterState withoutHistory(
      ClusterState state, NavigableMap<String, Long> incarnations, long atMillis) {
    ClusterState now = state;
    for (Map.Entry<String, Long> heard : incarnations.entrySet()) {
      boolean member = now.nodes().containsKey(heard.getKey());
      if (member && now.node(heard.getKey()).incarnation() != heard.getValue()) {
        Command began = new Command.NodeStarted(heard.getKey(), heard.getValue());
        now = now.apply(now.index() + 1, Proposal.of(atMillis, heard.getKey(), began)).state();
      }
    }
    return now;
  }

  static LeaderView view(
      ClusterState state,
      String self,
      boolean quorum,
      long atMillis,
      NavigableMap<String, Long> incarnations) {
    NavigableMap<String, LeaderView.Held> holders = new TreeMap<>();
    for (String vip : state.roster().vips()) {
      for (String node : state.roster().nodes()) {
        Report report = state.report(vip, node);
        if (report != null && report.run() == RunState.STARTED) {
          holders.put(vip, new LeaderView.Held(node, report.actedEpoch()));
        }
      }
    }
    return new LeaderView(self, quorum, atMillis, holders, incarnations);
  }
}
