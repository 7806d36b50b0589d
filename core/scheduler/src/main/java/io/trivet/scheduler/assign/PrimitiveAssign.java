package io.trivet.scheduler.assign;

import io.trivet.scheduler.constraints.Bans;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Cluster.NoQuorum;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Assigns a primitive: what it is to be with first, then the wishes of what is to be with it, then
/// the best node that is left.
final class PrimitiveAssign {
  private final Cluster cluster;
  private final Assignment assignment;
  private final ColocationApply apply;

  PrimitiveAssign(Cluster cluster, Assignment assignment) {
    this.cluster = cluster;
    this.assignment = assignment;
    this.apply = new ColocationApply(cluster);
  }

  @Nullable Node assign(Resource.Primitive resource, @Nullable Node prefer, boolean stopIfFail) {
    Resource parent = resource.parent;
    if (parent != null && !parent.is(Flag.ASSIGNING)) {
      assignment.assign(parent, prefer, stopIfFail);
    }
    if (!resource.is(Flag.UNASSIGNED)) {
      return resource.assignedTo;
    }
    if (resource.is(Flag.ASSIGNING)) {
      return null;
    }
    resource.set(Flag.ASSIGNING, true);
    applyColocations(resource);
    if (resource.nextRole == Role.STOPPED) {
      Bans.everywhere(cluster, resource, -Scores.INFINITY);
      reason(resource, "it is to be stopped");
    } else if (resource.nextRole.compareTo(resource.role) > 0
        && !cluster.is(Cluster.Flag.HAVE_QUORUM)
        && cluster.noQuorum == NoQuorum.FREEZE) {
      Places.setNextRole(resource, resource.role, "no-quorum-policy=freeze");
    }
    ScoreLog.show(cluster, resource, "pcmk__primitive_assign");
    if (cluster.is(Cluster.Flag.FENCING_ENABLED)
        && !cluster.is(Cluster.Flag.HAVE_FENCING_RESOURCE)) {
      resource.set(Flag.MANAGED, false);
    }
    if (!resource.is(Flag.MANAGED)) {
      Places.setNextRole(resource, resource.role, "unmanaged");
      Node current = Places.current(resource);
      Assigning.assign(
          cluster,
          resource,
          current == null ? null : new Candidate(current, current.score, NodeScores.Probing.ALWAYS),
          true,
          stopIfFail);
    } else if (cluster.is(Cluster.Flag.STOP_ALL)) {
      Assigning.assign(cluster, resource, null, true, stopIfFail);
    } else {
      best(resource, prefer, stopIfFail);
    }
    resource.set(Flag.ASSIGNING, false);
    if (resource.is(Flag.REMOTE_CONNECTION)) {
      connectionAssigned(resource);
    }
    return resource.assignedTo;
  }

  private void reason(Resource resource, String what) {
    if (cluster.reasons != null) {
      cluster.reasons.step(resource, what, "", 0);
    }
  }

  private void applyColocations(Resource resource) {
    List<Colocation> thisWith = ColocationLists.thisWith(resource);
    List<Colocation> withThis = ColocationLists.withThis(resource);
    for (boolean mandatory : new boolean[] {true, false}) {
      for (Colocation colocation : thisWith) {
        if (mandatory(colocation) == mandatory) {
          applyThisWith(resource, colocation);
        }
      }
      for (Colocation colocation : withThis) {
        if (mandatory(colocation) == mandatory) {
          ColocatedScores.addDependent(resource, colocation);
          if (cluster.reasons != null) {
            cluster.reasons.step(
                resource,
                colocation.dependent().id + " is colocated with it",
                colocation.id(),
                colocation.line());
          }
        }
      }
    }
  }

  private static boolean mandatory(Colocation colocation) {
    return Math.abs(colocation.score()) >= Scores.INFINITY;
  }

  private void applyThisWith(Resource resource, Colocation colocation) {
    int score = colocation.score();
    boolean mayRevert =
        colocation.dependentRole() == Role.PROMOTED || score < 0 && score > -Scores.INFINITY;
    NodeScores before = mayRevert ? resource.allowed.copy() : null;
    Resource primary = colocation.primary();
    if (primary.is(Flag.UNASSIGNED)) {
      assignment.assign(primary, null, true);
    }
    apply.toDependent(resource, primary, colocation);
    if (before != null && !Places.anyWanted(resource.allowed)) {
      resource.allowed = before;
    }
  }

  private void best(Resource resource, @Nullable Node wish, boolean stopIfFail) {
    Node roomy = Utilization.banInsufficient(cluster, resource);
    Node prefer = wish == null ? roomy : wish;
    if (!resource.is(Flag.UNASSIGNED)) {
      return;
    }
    Candidate best = NodeOrder.best(cluster, resource.allowed, Places.current(resource));
    Candidate chosen = null;
    if (prefer != null && best != null) {
      Candidate preferred = resource.allowed.get(prefer);
      if (preferred != null && preferred.score >= best.score && Places.wanted(preferred)) {
        chosen = preferred;
      }
    }
    if (chosen == null && best != null) {
      chosen = orWhereItRuns(resource, best);
    }
    Assigning.assign(cluster, resource, chosen, false, stopIfFail);
  }

  /// The node where the resource is active, if it is as good as the best. Instances of a unique
  /// clone were given their nodes before, so they leave them to each other here.
  private static Candidate orWhereItRuns(Resource resource, Candidate best) {
    boolean uniqueInstance =
        resource.parent instanceof Resource.Clone clone && clone.is(Flag.GLOBALLY_UNIQUE);
    Node running = Places.current(resource);
    if (uniqueInstance
        || best.score <= 0
        || !Places.available(best.node)
        || running == null
        || !Places.available(running)) {
      return best;
    }
    Candidate there = resource.allowed.get(running);
    return there != null && there.score == best.score ? there : best;
  }

  /// A remote node is up if its connection is.
  private void connectionAssigned(Resource connection) {
    Node node = cluster.node(connection.id);
    if (node == null) {
      return;
    }
    if (connection.assignedTo != null && connection.nextRole != Role.STOPPED) {
      node.online = true;
      if (node.unseen) {
        // It is about to be connected to: no need to fence it.
        node.unclean = false;
      }
    } else {
      node.shutdown = true;
    }
  }
}
