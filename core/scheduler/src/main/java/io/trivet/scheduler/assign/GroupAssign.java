package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import org.jspecify.annotations.Nullable;

/// Assigns a group: its members, one after the other.
final class GroupAssign {
  private GroupAssign() {}

  static @Nullable Node assign(
      Cluster cluster,
      Assignment assignment,
      Resource.Group group,
      @Nullable Node prefer,
      boolean stopIfFail) {
    if (!group.is(Flag.UNASSIGNED)) {
      return group.colocated ? Places.assigned(group) : null;
    }
    if (group.is(Flag.ASSIGNING)) {
      return null;
    }
    if (group.members.isEmpty()) {
      group.set(Flag.UNASSIGNED, false);
      return null;
    }
    group.set(Flag.ASSIGNING, true);
    Resource first = group.members.getFirst();
    group.role = first.role;
    ScoreLog.show(cluster, group, "pcmk__group_assign");
    Node firstNode = null;
    for (Resource member : group.members) {
      Node node = assignment.assign(member, prefer, stopIfFail);
      firstNode = firstNode == null ? node : firstNode;
    }
    Places.setNextRole(group, first.nextRole, "first group member");
    group.set(Flag.ASSIGNING, false);
    group.set(Flag.UNASSIGNED, false);
    group.assignedDone = true;
    return group.colocated ? firstNode : null;
  }
}
