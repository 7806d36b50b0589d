package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import org.jspecify.annotations.Nullable;

/// Assigns a clone: what it is to be with first, then its instances, then their roles.
final class CloneAssign {
  private CloneAssign() {}

  static void assign(
      Cluster cluster,
      Assignment assignment,
      Resource.Clone clone,
      @Nullable Node prefer,
      boolean stopIfFail) {
    if (!clone.is(Flag.UNASSIGNED) || clone.is(Flag.ASSIGNING)) {
      return;
    }
    clone.set(Flag.ASSIGNING, true);
    Promotion promotion = new Promotion(cluster, clone);
    if (clone.promotable) {
      promotion.addScores();
    }
    for (Colocation colocation : ColocationLists.thisWith(clone)) {
      assignment.assign(colocation.primary(), prefer, stopIfFail);
    }
    for (Colocation colocation : ColocationLists.withThis(clone)) {
      ColocatedScores.addDependent(clone, colocation);
    }
    ScoreLog.show(cluster, clone, "pcmk__clone_assign");
    Sorting.sort(clone.instances, InstanceOrder::compare);
    new Instances(cluster, assignment, clone, clone.nodeMax).assign(clone.instances, clone.max);
    if (clone.promotable) {
      promotion.setRoles();
    }
    clone.set(Flag.UNASSIGNED, false);
    clone.set(Flag.ASSIGNING, false);
    clone.assignedDone = true;
  }
}
