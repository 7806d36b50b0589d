package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import org.jspecify.annotations.Nullable;

/// Puts a resource on a node, and takes it off again.
final class Assigning {
  private Assigning() {}

  /// Assigns the resource and all that it contains to the candidate's node; to none where that is
  /// null or cannot run it.
  ///
  /// @param force true to ask nothing about the node
  /// @param stopIfFail true if the resource is stopped where it gets no node; false where this may
  ///   be undone
  static void assign(
      Cluster cluster,
      Resource resource,
      @Nullable Candidate candidate,
      boolean force,
      boolean stopIfFail) {
    if (!resource.children().isEmpty()) {
      for (Resource child : resource.children()) {
        assign(cluster, child, candidate, force, stopIfFail);
      }
      return;
    }
    Candidate chosen = candidate;
    if (!force && chosen != null && !acceptable(chosen)) {
      if (stopIfFail) {
        Places.setNextRole(resource, Role.STOPPED, "node availability");
      }
      chosen = null;
    }
    unassign(resource);
    resource.set(Flag.UNASSIGNED, false);
    resource.assignedDone = true;
    if (chosen != null) {
      Node node = chosen.node;
      resource.assignedTo = node;
      resource.assignedScore = chosen.score;
      node.assigned.add(resource);
      node.assignedResources++;
      Utilization.consume(node, resource);
    } else if (stopIfFail) {
      Places.setNextRole(resource, Role.STOPPED, "unable to assign");
      resource.actions.forEach(Assigning::givenUp);
    }
  }

  /// The connection to a guest node may be expected to come up.
  private static boolean acceptable(Candidate candidate) {
    return candidate.score >= 0 && (Places.available(candidate.node) || candidate.node.isGuest());
  }

  private static void givenUp(Action action) {
    switch (action.task) {
      case "stop" -> action.set(Action.Flag.OPTIONAL, false);
      case "start" -> action.set(Action.Flag.RUNNABLE, false);
      default -> {
        // Nothing that runs only while it is stopped exists before assignment.
        if (action.intervalMillis > 0) {
          action.set(Action.Flag.RUNNABLE, false);
        }
      }
    }
  }

  /// Takes it and all that it contains off its node.
  static void unassign(Resource resource) {
    resource.set(Flag.UNASSIGNED, true);
    resource.assignedDone = false;
    if (!resource.children().isEmpty()) {
      resource.children().forEach(Assigning::unassign);
      return;
    }
    Node old = resource.assignedTo;
    if (old != null) {
      resource.assignedTo = null;
      old.assigned.remove(resource);
      old.assignedResources--;
      Utilization.release(old, resource);
    }
  }
}
