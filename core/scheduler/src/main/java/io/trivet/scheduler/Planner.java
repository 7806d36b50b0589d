package io.trivet.scheduler;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.state.ClusterState;
import java.util.Map;
import java.util.NavigableMap;

/// Decides what is to be done next, from what is agreed and what was reported. Pure, and without
/// memory: a new leader with the same state makes the same plan.
///
/// Where things shall run and what each start and stop waits for comes from the scheduler, which is
/// given the agreed state as a CIB ([io.trivet.scheduler.live.ClusterCib]). What is written here is
/// what a running cluster adds to that: the policies of the services, the pauses between tries, the
/// leases of VIPs with their heirs, and the words for the operator.
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
    Planning plan = new Planning(configuration, state, view, policies);
    forgetEarlierRuns(plan);
    Health.examine(plan);
    if (view.quorum() && state.clusterFile() != null) {
      plan.decide();
      new VipPlan(plan).run();
      new LeasePlan(plan).run();
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
