package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.rules.Booleans;
import java.util.ArrayList;
import java.util.List;

/// What a colocation means for its dependent once its primary was assigned: for the scores of the
/// dependent's nodes before it is assigned, for its promotion afterwards.
final class ColocationApply {
  /// What of the dependent a colocation still concerns.
  enum Affects {
    NOTHING,
    LOCATION,
    ROLE
  }

  private final Cluster cluster;

  ColocationApply(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Applies the colocation to the resource that it makes dependent: an assigned instance for a
  /// clone.
  void toDependent(Resource dependent, Resource primary, Colocation colocation) {
    if (!(dependent instanceof Resource.Group group)) {
      byPrimary(dependent, primary, colocation);
    } else if (group.colocated && !group.members.isEmpty()) {
      Resource first = group.members.getFirst();
      int before = first.promotionPriority;
      toDependent(first, primary, colocation);
      if (first.promotionPriority != before) {
        group.promotionPriority =
            Scores.add(group.promotionPriority, promotionDelta(first, before));
      }
    } else if (colocation.score() < Scores.INFINITY) {
      group.members.forEach(m -> toDependent(m, primary, colocation));
    }
    if (cluster.reasons != null) {
      cluster.reasons.step(
          dependent,
          "it is colocated with " + colocation.primary().id,
          colocation.id(),
          colocation.line());
    }
  }

  private static int promotionDelta(Resource resource, int before) {
    int now = resource.promotionPriority;
    return Math.abs(now) >= Scores.INFINITY ? now : now - before;
  }

  private void byPrimary(Resource dependent, Resource primary, Colocation colocation) {
    if (!dependent.is(Flag.UNASSIGNED) && colocation.dependentRole() == null) {
      // Where it is was decided before, and this is not about its role.
      return;
    }
    switch (primary) {
      case Resource.Primitive p -> primitive(dependent, p, colocation);
      case Resource.Group g -> group(dependent, g, colocation);
      case Resource.Clone c -> clone(dependent, c, colocation);
      case Resource.Bundle b -> bundle(dependent, b, colocation);
    }
  }

  private void primitive(Resource dependent, Resource primary, Colocation colocation) {
    switch (affects(dependent, primary, colocation, false)) {
      case ROLE -> toPromotion(dependent, primary, colocation);
      case LOCATION -> toScores(dependent, primary, colocation);
      case NOTHING -> {}
    }
  }

  /// What is wanted with a whole group is wanted with its last member: it is up only with that.
  private void group(Resource dependent, Resource.Group primary, Colocation colocation) {
    boolean mandatory = colocation.score() >= Scores.INFINITY;
    if (primary.is(Flag.UNASSIGNED) || primary.members.isEmpty()) {
      return;
    }
    if (primary.colocated) {
      byPrimary(
          dependent,
          mandatory ? primary.members.getLast() : primary.members.getFirst(),
          colocation);
    } else if (!mandatory) {
      primary.members.forEach(m -> byPrimary(dependent, m, colocation));
    }
  }

  private void clone(Resource dependent, Resource.Clone primary, Colocation colocation) {
    if (primary.is(Flag.UNASSIGNED)) {
      return;
    }
    if (primary.promotable && colocation.primaryRole() != null) {
      if (dependent.is(Flag.UNASSIGNED)) {
        withRole(dependent, primary, colocation);
      } else if (colocation.dependentRole() == Role.PROMOTED) {
        promotedWithRole(dependent, primary, colocation);
      }
      return;
    }
    if (interleaves(colocation)) {
      Resource instance = Instances.compatible(cluster, dependent, primary, null);
      if (instance != null) {
        toDependent(dependent, instance, colocation);
      } else if (colocation.score() >= Scores.INFINITY) {
        Assigning.assign(cluster, dependent, null, true, true);
      }
      return;
    }
    if (colocation.score() >= Scores.INFINITY) {
      List<Candidate> hosts = new ArrayList<>();
      for (Resource instance : primary.instances) {
        Node chosen = Places.assigned(instance);
        if (chosen != null && !Places.anyHas(instance, Flag.BLOCKED)) {
          hosts.add(host(instance, chosen));
        }
      }
      intersect(dependent, hosts, false);
      return;
    }
    primary.instances.forEach(i -> byPrimary(dependent, i, colocation));
  }

  private static Candidate host(Resource resource, Node node) {
    return new Candidate(node, Places.assignedScore(resource), NodeScores.Probing.ALWAYS);
  }

  private static boolean interleaves(Colocation colocation) {
    Resource dependent = colocation.dependent();
    Resource primary = colocation.primary();
    boolean interleave =
        switch (dependent) {
          case Resource.Clone c -> c.interleave;
          case Resource.Bundle b -> Booleans.parse(b.meta("interleave"), false);
          case Resource.Primitive _, Resource.Group _ -> false;
        };
    return interleave && perNode(dependent) == perNode(primary);
  }

  private static int perNode(Resource resource) {
    return switch (resource) {
      case Resource.Clone c -> c.nodeMax;
      case Resource.Bundle b -> b.perHost;
      case Resource.Primitive _, Resource.Group _ -> 1;
    };
  }

  private void withRole(Resource dependent, Resource.Clone primary, Colocation colocation) {
    List<Candidate> hosts = new ArrayList<>();
    for (Resource instance : primary.instances) {
      Node node = Places.assigned(instance);
      if (node != null && Places.nextRole(instance) == colocation.primaryRole()) {
        if (colocation.score() < Scores.INFINITY) {
          addWhereAlike(dependent, primary, node, colocation);
        }
        hosts.add(host(instance, node));
      }
    }
    // Were it mandatory for promoted with promoted, nothing could start unpromoted elsewhere.
    if (colocation.score() >= Scores.INFINITY
        && (colocation.dependentRole() != Role.PROMOTED
            || colocation.primaryRole() != Role.PROMOTED)) {
      intersect(dependent, hosts, true);
    }
  }

  private static void addWhereAlike(
      Resource dependent, Resource primary, Node node, Colocation colocation) {
    String value = ColocationValues.of(node, colocation.attribute(), primary);
    for (Candidate candidate : dependent.allowed) {
      String own = ColocationValues.of(candidate.node, colocation.attribute(), dependent);
      if (ColocationValues.same(value, own)) {
        candidate.score = Scores.add(candidate.score, colocation.score());
      }
    }
  }

  private void promotedWithRole(Resource dependent, Resource.Clone primary, Colocation colocation) {
    if (anyAlike(dependent, primary, colocation)) {
      dependent.promotionPriority = Scores.add(dependent.promotionPriority, colocation.score());
    } else if (colocation.score() >= Scores.INFINITY) {
      dependent.promotionPriority = -Scores.INFINITY;
    }
  }

  /// True if an instance in the role will be on a node like the dependent's.
  private boolean anyAlike(Resource dependent, Resource.Clone primary, Colocation colocation) {
    Node node = Places.assigned(dependent);
    String attribute = colocation.attribute();
    if (attribute == null || node == null) {
      return Instances.compatible(cluster, dependent, primary, colocation.primaryRole()) != null;
    }
    String own = ColocationValues.of(node, attribute, dependent);
    for (Resource instance : primary.instances) {
      Node other = Places.assigned(instance);
      if (other != null
          && Places.nextRole(instance) == colocation.primaryRole()
          && !Places.anyHas(instance, Flag.BLOCKED)
          && ColocationValues.same(own, ColocationValues.of(other, attribute, primary))) {
        return true;
      }
    }
    return false;
  }

  private void bundle(Resource dependent, Resource.Bundle primary, Colocation colocation) {
    if (primary.is(Flag.UNASSIGNED)) {
      return;
    }
    boolean mandatory = colocation.score() >= Scores.INFINITY;
    Resource configured = colocation.dependent();
    if (configured instanceof Resource.Clone || configured instanceof Resource.Bundle) {
      Resource container = Instances.compatibleContainer(cluster, dependent, primary);
      if (container != null) {
        toDependent(dependent, container, colocation);
      } else if (mandatory && !dependent.is(Flag.UNASSIGNED)) {
        dependent.promotionPriority = -Scores.INFINITY;
      } else if (mandatory) {
        Assigning.assign(cluster, dependent, null, true, true);
      }
      return;
    }
    List<Candidate> hosts = new ArrayList<>();
    for (Resource.Bundle.Replica replica : primary.replicas) {
      Resource container = replica.container;
      if (container == null) {
        continue;
      }
      if (!mandatory) {
        byPrimary(dependent, container, colocation);
        continue;
      }
      Node chosen = container.assignedTo;
      boolean inRole =
          colocation.primaryRole() != Role.PROMOTED
              || replica.child != null && replica.child.nextRole == Role.PROMOTED;
      if (chosen != null && inRole && !Places.anyHas(container, Flag.BLOCKED)) {
        hosts.add(host(container, chosen));
      }
    }
    if (mandatory) {
      intersect(dependent, hosts, false);
    }
  }

  /// Bans the dependent from all nodes but the hosts.
  private static void intersect(Resource dependent, List<Candidate> hosts, boolean addScores) {
    NodeScores byNode = new NodeScores();
    hosts.reversed().forEach(byNode::put);
    for (Candidate candidate : dependent.allowed) {
      Candidate host = byNode.get(candidate.node);
      if (host == null) {
        candidate.score = -Scores.INFINITY;
      } else if (addScores) {
        candidate.score = Scores.add(candidate.score, host.score);
      }
    }
  }

  /// What the colocation concerns; with `preview` as if the primary were assigned.
  static Affects affects(
      Resource dependent, Resource primary, Colocation colocation, boolean preview) {
    if (!preview && primary.is(Flag.UNASSIGNED)) {
      return Affects.NOTHING;
    }
    Resource inDependent = hasRole(dependent);
    Resource inPrimary = hasRole(primary);
    Role role = colocation.dependentRole();
    if (role != null
        && role.compareTo(Role.UNPROMOTED) >= 0
        && Places.top(inDependent) instanceof Resource.Clone clone
        && clone.promotable
        && !inDependent.is(Flag.UNASSIGNED)) {
      return Affects.ROLE;
    }
    if (!preview && !dependent.is(Flag.UNASSIGNED)) {
      return Affects.NOTHING;
    }
    boolean other =
        role != null && role != inDependent.nextRole
            || colocation.primaryRole() != null && colocation.primaryRole() != inPrimary.nextRole;
    return other ? Affects.NOTHING : Affects.LOCATION;
  }

  /// The resource whose role counts: for a container of a bundle, what runs in it.
  private static Resource hasRole(Resource resource) {
    if (resource.is(Flag.REPLICA_CONTAINER) && resource.parent instanceof Resource.Bundle bundle) {
      for (Resource.Bundle.Replica replica : bundle.replicas) {
        if (replica.container == resource && replica.child != null) {
          return replica.child;
        }
      }
    }
    return resource;
  }

  private static void toScores(Resource dependent, Resource primary, Colocation colocation) {
    Node node = primary.assignedTo;
    int score = colocation.score();
    if (node == null && score < 0) {
      return;
    }
    String attribute = colocation.attribute();
    String value = node == null ? null : ColocationValues.of(node, attribute, primary);
    NodeScores work = dependent.allowed.copy();
    for (Candidate candidate : work) {
      if (node == null) {
        candidate.score = Scores.add(-score, candidate.score);
      } else if (ColocationValues.same(
          ColocationValues.of(candidate.node, attribute, dependent), value)) {
        if (score < Scores.INFINITY) {
          candidate.score = Scores.add(score, candidate.score);
        }
      } else if (score >= Scores.INFINITY) {
        candidate.score = -Scores.INFINITY;
      }
    }
    if (score <= -Scores.INFINITY || score >= Scores.INFINITY || Places.anyWanted(work)) {
      dependent.allowed = work;
    }
  }

  private static void toPromotion(Resource dependent, Resource primary, Colocation colocation) {
    if (dependent.assignedTo == null) {
      return;
    }
    Node with = primary.assignedTo;
    String own = ColocationValues.of(dependent.assignedTo, colocation.attribute(), dependent);
    String wanted =
        with == null ? null : ColocationValues.of(with, colocation.attribute(), primary);
    if (with == null || !ColocationValues.same(own, wanted)) {
      if (colocation.score() >= Scores.INFINITY && colocation.dependentRole() == Role.PROMOTED) {
        dependent.promotionPriority = -Scores.INFINITY;
      }
      return;
    }
    if (colocation.primaryRole() != null && colocation.primaryRole() != hasRole(primary).nextRole) {
      return;
    }
    int sign = colocation.dependentRole() == Role.UNPROMOTED ? -1 : 1;
    dependent.promotionPriority =
        Scores.add(sign * colocation.score(), dependent.promotionPriority);
  }
}
