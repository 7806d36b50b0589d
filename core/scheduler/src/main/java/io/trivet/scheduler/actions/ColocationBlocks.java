package io.trivet.scheduler.actions;

import io.trivet.scheduler.assign.ColocationLists;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Action.Flag;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import java.util.List;

/// What has to be where something else is cannot start or be promoted where that cannot.
final class ColocationBlocks {
  private ColocationBlocks() {}

  static void dependentsOf(Action action, OrderUpdates updates) {
    boolean start = action.task.equals(Tasks.START);
    Resource resource = action.resource;
    if (action.is(Flag.RUNNABLE)
        || resource == null
        || !(start || action.task.equals(Tasks.PROMOTE))) {
      return;
    }
    Resource whole = Family.top(resource);
    if (whole.parent instanceof Bundle bundle) {
      whole = bundle;
    }
    for (Resource part : whole.children()) {
      // As long as one of its parts can, what goes with the whole can.
      Action partAction = ActionFlags.newest(part, action.task, null);
      if (partAction == null || partAction.is(Flag.RUNNABLE)) {
        return;
      }
    }
    for (Colocation colocation : ColocationLists.withThis(whole)) {
      boolean concerned = start || colocation.primaryRole() == Role.PROMOTED;
      if (colocation.score() < Scores.INFINITY || !concerned) {
        continue;
      }
      String task = colocation.dependentRole() == Role.PROMOTED ? Tasks.PROMOTE : Tasks.START;
      block(colocation.dependent(), task, "colocation with " + resource.id, updates);
    }
  }

  private static void block(Resource resource, String task, String reason, OrderUpdates updates) {
    for (Action action : List.copyOf(resource.actionsOfTask(task)).reversed()) {
      if (action.is(Flag.RUNNABLE)) {
        action.set(Flag.RUNNABLE, false);
        Actions.reason(action, reason, false);
        updates.blockDependents(action);
        updates.update(action);
        updates.lookAgain(action);
      }
    }
    for (Resource child : resource.children()) {
      block(child, task, reason, updates);
    }
  }
}
