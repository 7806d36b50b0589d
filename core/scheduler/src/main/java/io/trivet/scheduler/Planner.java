package io.trivet.scheduler;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.state.ClusterState;
import java.util.Map;
import java.util.NavigableMap;

/// Decides what is to be done next, from what is agreed and what was reported. Pure, and without
/// memory: a new leader with the same state makes the same plan.
///
/// A plan holds only what may be done at once; what has to wait is told with its reason. When the
/// actions have been applied to the state, planning again gives no further action until something
/// is reported or time passes.
public final class Planner {
  private Planner() {}

  /// Plans for the leader. Without quorum, or before there is a cluster file, there are no actions;
  /// the problems are told in any case, so a member without a quorum may call this for its status.
  ///
  /// @param policies resource id → policy; a resource without one may always start
  public static Transition plan(
      Configuration configuration,
      ClusterState state,
      LeaderView view,
      NavigableMap<String, ServicePolicy> policies) {
    return plan(LayoutOf.configuration(configuration), state, view, policies);
  }

  static Transition plan(
      Layout layout,
      ClusterState state,
      LeaderView view,
      NavigableMap<String, ServicePolicy> policies) {
    Planning plan = new Planning(layout, state, view, policies);
    forgetEarlierRuns(plan);
    Health.examine(plan);
    if (view.quorum() && state.clusterFile() != null) {
      new VipPlan(plan).run();
      new ServicePlan(plan).run();
    }
    if (state.clusterFile() != null) {
      ServiceHealth.examine(plan);
    }
    return plan.transition();
  }

  /// After a power outage the state still says what ran before it; nothing may be built on that.
  private static void forgetEarlierRuns(Planning plan) {
    if (!plan.view.quorum()) {
      return;
    }
    for (Map.Entry<String, Long> heard : plan.view.incarnations().entrySet()) {
      boolean member = plan.layout.nodes().contains(heard.getKey());
      if (member && plan.state().node(heard.getKey()).incarnation() != heard.getValue()) {
        plan.act(
            new Action.Forget(
                heard.getKey(), heard.getValue(), "trivetd started anew on " + heard.getKey()));
      }
    }
  }
}
