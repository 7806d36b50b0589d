package io.trivet.scheduler.live;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;

/// Which controllers may run something that must run once only.
///
/// A controller *claims* it from the order to start until it has reported the stop that it was
/// ordered. The claim of a controller that is gone stands: only its power could prove that the
/// service does not run there any more.
public final class Claims {
  private Claims() {}

  /// True if the resource may run on the node.
  public static boolean claims(ClusterState state, String resource, String node) {
    Target target = state.target(resource, node);
    Report report = state.report(resource, node);
    RunState run = state.runState(resource, node);
    if (target == null) {
      return run != RunState.STOPPED && run != RunState.UNKNOWN;
    }
    boolean acted = report != null && report.actedEpoch() >= target.epoch();
    boolean down =
        run == RunState.STOPPED || run == RunState.UNKNOWN && !state.node(node).present();
    return target.wanted() == Wanted.STARTED || !(acted && down);
  }
}
