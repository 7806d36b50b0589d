package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.LocationRule;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.NodeScores.Probing;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;

/// Adds the scores of location constraints to the nodes of resources and of what they contain.
final class LocationApply {
  private LocationApply() {}

  static void apply(Cluster cluster, Resource resource, LocationRule location) {
    apply(cluster, resource, location, true);
  }

  private static void apply(
      Cluster cluster, Resource resource, LocationRule location, boolean scores) {
    one(cluster, resource, location, scores);
    switch (resource) {
      case Resource.Primitive _ -> {}
      case Resource.Group g -> {
        // The members of a group are together, so the score counts for the first one only.
        boolean count = scores;
        for (Resource member : g.members) {
          apply(cluster, member, location, count);
          count = count && !g.colocated;
        }
      }
      case Resource.Clone c -> c.instances.forEach(i -> apply(cluster, i, location, scores));
      case Resource.Bundle b -> bundle(cluster, b, location, scores);
    }
  }

  private static void bundle(
      Cluster cluster, Resource.Bundle bundle, LocationRule location, boolean scores) {
    for (Resource.Bundle.Replica replica : bundle.replicas) {
      if (replica.container != null) {
        apply(cluster, replica.container, location, scores);
      }
      if (replica.ip != null) {
        apply(cluster, replica.ip, location, scores);
      }
    }
    if (bundle.clone != null
        && (location.role == Role.UNPROMOTED || location.role == Role.PROMOTED)) {
      apply(cluster, bundle.clone, location, scores);
      bundle.clone.locations.add(location);
    }
  }

  /// Adds the scores of a location constraint to scores of the resource's nodes.
  static void add(NodeScores scores, Resource resource, LocationRule location) {
    if (location.role != null && location.role != resource.nextRole) {
      return;
    }
    for (Candidate candidate : location.nodes) {
      Candidate allowed = scores.get(candidate.node);
      if (allowed == null) {
        scores.put(new Candidate(candidate.node, candidate.score, candidate.probing));
      } else {
        allowed.score = Scores.add(allowed.score, candidate.score);
      }
    }
  }

  private static void one(
      Cluster cluster, Resource resource, LocationRule location, boolean scores) {
    if (location.role != null && location.role != resource.nextRole) {
      return;
    }
    for (Candidate candidate : location.nodes) {
      int score = scores ? candidate.score : 0;
      Candidate allowed = resource.allowed.get(candidate.node);
      if (allowed == null) {
        allowed = resource.allowed.put(new Candidate(candidate.node, score, candidate.probing));
      } else {
        allowed.score = Scores.add(allowed.score, score);
      }
      if (allowed.probing.compareTo(location.probing) < 0) {
        if (location.probing == Probing.EXCLUSIVE) {
          resource.set(Flag.EXCLUSIVE_DISCOVERY, true);
        }
        allowed.probing = location.probing;
      }
    }
    if (cluster.reasons != null) {
      cluster.reasons.step(resource, "location", location.id, location.line);
    }
  }
}
