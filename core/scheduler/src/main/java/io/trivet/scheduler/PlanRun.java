package io.trivet.scheduler;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.model.Cluster;
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

  /// Plans with a working set that nothing was planned with so far.
  public static Result plan(Cluster cluster, boolean wantScores) {
    if (wantScores) {
      cluster.scoreLog = new ArrayList<>();
    }
    throw new UnsupportedOperationException("planning");
  }
}
