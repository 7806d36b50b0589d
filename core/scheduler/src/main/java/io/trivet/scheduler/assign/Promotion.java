package io.trivet.scheduler.assign;

import io.trivet.scheduler.constraints.Bans;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Cluster.NoQuorum;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.LocationRule;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.model.TicketConstraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which instances of a promotable clone are promoted ("Pacemaker Explained", Promotable Clone
/// Resources): those with the highest promotion scores, after location constraints for the promoted
/// role and the wishes of what is colocated with it.
final class Promotion {
  private final Cluster cluster;
  private final Resource.Clone clone;
  private final ColocationApply apply;
  private int promoted;

  Promotion(Cluster cluster, Resource.Clone clone) {
    this.cluster = cluster;
    this.clone = clone;
    this.apply = new ColocationApply(cluster);
  }

  /// Adds promotion scores to the scores of the nodes, so that instances come to be where they can
  /// be promoted.
  void addScores() {
    for (Resource instance : clone.instances) {
      for (Candidate candidate : instance.allowed) {
        if (!Places.available(candidate.node)) {
          // Nothing is promoted there, so it should move nothing either.
          continue;
        }
        int score = PromotionScores.of(instance, candidate.node).score();
        if (score > 0) {
          candidate.score = Scores.add(candidate.score, score);
        }
        instance.promotionPriority = Math.max(instance.promotionPriority, score);
      }
    }
  }

  /// Chooses the role of each instance, once they are assigned.
  void setRoles() {
    for (Candidate candidate : clone.allowed) {
      candidate.count = 0;
    }
    clone.instances.forEach(this::setPriority);
    order();
    clone.instances.forEach(this::setRole);
    clone.promotedCount = promoted;
  }

  private void setPriority(Resource instance) {
    if (Places.role(instance) == Role.STARTED) {
      unpromotedNow(instance);
    }
    Node chosen = Places.assigned(instance);
    if (chosen == null) {
      return;
    }
    Role next = Places.nextRole(instance);
    switch (next) {
      case STARTED, UNKNOWN -> {
        PromotionScores.Score score = PromotionScores.of(instance, chosen);
        // Without a score it takes a location constraint to promote it.
        instance.promotionPriority = score.known() ? score.score() : -1;
      }
      case UNPROMOTED, STOPPED -> instance.promotionPriority = -Scores.INFINITY;
      case PROMOTED -> {}
    }
    addLocations(instance, instance.locations, chosen);
    addLocations(instance, clone.locations, chosen);
    for (Colocation colocation : ColocationLists.thisWith(instance)) {
      apply.toDependent(instance, colocation.primary(), colocation);
    }
    instance.promotionOrder = next == Role.PROMOTED ? Scores.INFINITY : instance.promotionPriority;
  }

  private static void unpromotedNow(Resource resource) {
    if (resource.role == Role.STARTED) {
      resource.role = Role.UNPROMOTED;
    }
    resource.children().forEach(Promotion::unpromotedNow);
  }

  private static void addLocations(Resource instance, List<LocationRule> rules, Node chosen) {
    for (LocationRule rule : rules.reversed()) {
      if (rule.role != Role.PROMOTED) {
        continue;
      }
      for (Candidate candidate : rule.nodes) {
        if (candidate.node == chosen) {
          instance.promotionPriority = Scores.add(instance.promotionPriority, candidate.score);
        }
      }
    }
  }

  private void order() {
    if (clone.addedPromotedConstraints) {
      return;
    }
    clone.addedPromotedConstraints = true;
    clone.set(Flag.UPDATING_NODES, true);
    for (Resource instance : clone.instances) {
      Node chosen = Places.assigned(instance);
      Candidate ofClone = instance.promotionOrder < 0 ? null : clone.allowed.get(chosen);
      if (ofClone != null) {
        ofClone.score = Scores.add(instance.promotionOrder, ofClone.score);
      }
    }
    for (Colocation colocation : ColocationLists.withThis(clone)) {
      if (colocation.primaryRole() == Role.PROMOTED
          && ColocatedScores.hasInfluence(colocation, colocation.primary())) {
        merge(
            colocation.dependent(),
            colocation,
            ColocatedScores.ACTIVE | ColocatedScores.NONNEGATIVE);
      }
    }
    requireTickets();
    clone.instances.forEach(this::takeNodeScore);
    Sorting.sort(clone.instances, Promotion::compare);
    clone.set(Flag.UPDATING_NODES, false);
  }

  private void merge(Resource other, Colocation colocation, int flags) {
    float factor = colocation.score() / (float) Scores.INFINITY;
    NodeScores merged = ColocatedScores.add(other, clone, clone.allowed, colocation, factor, flags);
    if (merged != null) {
      clone.allowed = merged;
    }
  }

  private void requireTickets() {
    for (TicketConstraint constraint : clone.tickets) {
      if (constraint.role() == Role.PROMOTED
          && (!constraint.ticket().granted || constraint.ticket().standby)) {
        Bans.everywhere(cluster, clone, -Scores.INFINITY);
      }
    }
  }

  private void takeNodeScore(Resource instance) {
    Node chosen = Places.assigned(instance);
    if (!instance.is(Flag.MANAGED) && instance.nextRole == Role.PROMOTED) {
      instance.promotionOrder = Scores.INFINITY;
    } else if (chosen == null) {
      instance.promotionOrder = -Scores.INFINITY;
    } else if (instance.promotionOrder >= 0) {
      instance.promotionOrder = clone.allowed.score(chosen, -Scores.INFINITY);
    }
  }

  private static int compare(Resource a, Resource b) {
    if (a.promotionOrder != b.promotionOrder) {
      return a.promotionOrder > b.promotionOrder ? -1 : 1;
    }
    int byRole = Places.role(b).compareTo(Places.role(a));
    return byRole != 0 ? byRole : InstanceOrder.compare(a, b);
  }

  private void setRole(Resource instance) {
    ScoreLog.promotion(cluster, instance, Places.assigned(instance));
    Candidate chosen = null;
    if (instance.promotionOrder >= 0 && (promoted < clone.promotedMax || !clone.is(Flag.MANAGED))) {
      chosen = promotableOn(instance);
    }
    boolean frozen =
        instance.role != Role.PROMOTED
            && !cluster.is(Cluster.Flag.HAVE_QUORUM)
            && cluster.noQuorum == NoQuorum.FREEZE;
    if (chosen == null || frozen) {
      unpromotedNext(instance);
      return;
    }
    chosen.count++;
    promoted++;
    promotedNext(instance);
  }

  private @Nullable Candidate promotableOn(Resource resource) {
    for (Resource child : resource.children()) {
      if (promotableOn(child) == null) {
        return null;
      }
    }
    Node node = Places.assigned(resource);
    if (node == null) {
      return null;
    }
    boolean managed = resource.is(Flag.MANAGED);
    if (managed
        ? resource.promotionPriority < 0 || !canRun(node)
        : Places.role(resource) != Role.PROMOTED) {
      return null;
    }
    Candidate ofClone = clone.allowed.get(node);
    boolean full = ofClone != null && ofClone.count >= clone.promotedNodeMax && managed;
    return full ? null : ofClone;
  }

  /// A guest can run nothing where its container is assigned nowhere.
  private static boolean canRun(Node node) {
    Resource connection = node.isGuest() ? node.remoteResource : null;
    return Places.available(node)
        && (connection == null
            || connection.container == null
            || Places.assigned(connection.container) != null);
  }

  private static void unpromotedNext(Resource resource) {
    boolean anywhere = !Places.assignedNodes(resource).isEmpty();
    Places.setNextRole(
        resource,
        anywhere ? Role.UNPROMOTED : Role.STOPPED,
        anywhere ? "unpromoted instance" : "stopped instance");
    resource.children().forEach(Promotion::unpromotedNext);
  }

  private static void promotedNext(Resource resource) {
    if (resource.nextRole == Role.UNKNOWN) {
      Places.setNextRole(resource, Role.PROMOTED, "promoted instance");
    }
    resource.children().forEach(Promotion::promotedNext);
  }
}
