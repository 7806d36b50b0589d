package io.trivet.scheduler;

import io.trivet.scheduler.actions.ConfigChanges;
import io.trivet.scheduler.actions.Fencing;
import io.trivet.scheduler.actions.OrderApplication;
import io.trivet.scheduler.actions.PrimitiveActions;
import io.trivet.scheduler.actions.Probes;
import io.trivet.scheduler.actions.RemoteOrder;
import io.trivet.scheduler.actions.Scheduling;
import io.trivet.scheduler.assign.Assignment;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.constraints.Constraints;
import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.graph.GraphBuilder;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Reasons;
import io.trivet.scheduler.unpack.Unpacker;
import java.util.ArrayList;

/// The phases of a plan, in their order: what is true, where everything shall be, what has to be
/// done for it, in which order.
public final class PlanRun {
  private PlanRun() {}

  /// @param cluster as it is after all phases: roles and nodes to be, actions with their reasons
  public record Result(Cluster cluster, Graph graph) {}

  /// @param cib as [io.trivet.scheduler.cib.CibReader] gives it
  /// @param now seconds since 1970
  /// @param wantScores whether [Cluster#scoreLog] is kept
  public static Result plan(Element cib, long now, boolean wantScores) {
    return plan(Unpacker.unpack(cib, now), wantScores);
  }

  /// As [#plan], with the reason of every score noted, for [io.trivet.scheduler.explain].
  public static Result explained(Element cib, long now) {
    Cluster cluster = Unpacker.unpack(cib, now);
    cluster.reasons = new Reasons();
    return plan(cluster, false);
  }

  /// Plans with a working set that nothing was planned with so far.
  public static Result plan(Cluster cluster, boolean wantScores) {
    if (wantScores) {
      cluster.scoreLog = new ArrayList<>();
    }
    Constraints.unpack(cluster);
    Assignment.prepare(cluster);
    Scheduling.internalOrderings(cluster);
    ConfigChanges.handle(cluster);
    Assignment.assignAll(cluster);
    ConfigChanges.handleDeferred(cluster);
    Probes.create(cluster);
    if (cluster.is(Cluster.Flag.STOP_REMOVED_RESOURCES)) {
      PrimitiveActions.clearFailCountsOfRemoved(cluster);
    }
    Scheduling.createActions(cluster);
    RemoteOrder.apply(cluster);
    Fencing.scheduleFencingAndShutdowns(cluster);
    OrderApplication.apply(cluster);
    return new Result(cluster, GraphBuilder.build(cluster));
  }
}
