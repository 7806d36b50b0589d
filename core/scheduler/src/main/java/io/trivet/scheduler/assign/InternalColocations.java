package io.trivet.scheduler.assign;

import io.trivet.scheduler.constraints.Colocations;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import org.jspecify.annotations.Nullable;

/// Colocations and bans that follow from what resources are: members of a group with each other,
/// what belongs to a container with it, nothing nested on remote nodes.
final class InternalColocations {
  private final Cluster cluster;

  InternalColocations(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Makes them for the resource and all that it contains.
  void create(Resource resource) {
    switch (resource) {
      case Resource.Primitive p -> primitive(p);
      case Resource.Group g -> {
        Resource previous = null;
        for (Resource member : g.members) {
          create(member);
          if (previous != null && g.colocated) {
            add("#group-members", member, previous, Scores.INFINITY, member.is(Flag.CRITICAL));
          }
          previous = member;
        }
      }
      case Resource.Clone c -> c.instances.forEach(this::create);
      case Resource.Bundle b -> {
        if (b.clone != null) {
          create(b.clone);
        }
        b.replicas.forEach(this::replica);
      }
    }
  }

  private void replica(Resource.Bundle.Replica replica) {
    if (replica.container != null) {
      create(replica.container);
      if (replica.ip != null) {
        create(replica.ip);
        add("#ip-with-container", replica.ip, replica.container, Scores.INFINITY, true);
      }
    }
    if (replica.remote != null) {
      create(replica.remote);
    }
  }

  private void add(String id, Resource dependent, Resource primary, int score, boolean influence) {
    Colocations.add(
        cluster,
        new Colocation(id, null, dependent, primary, null, null, score, influence, false, 0));
  }

  private void primitive(Resource.Primitive resource) {
    if (!resource.is(Flag.MANAGED)) {
      return;
    }
    Resource container = resource.container;
    if (container != null) {
      contained(resource, container);
    }
    if (resource.is(Flag.REMOTE_CONNECTION) || resource.is(Flag.FENCE_DEVICE)) {
      avoidRemoteNodes(resource);
    }
  }

  private void contained(Resource.Primitive resource, Resource container) {
    boolean connection = resource.is(Flag.REMOTE_CONNECTION);
    boolean nesting = resource.is(Flag.REMOTE_NESTING_ALLOWED);
    if (connection && !nesting) {
      avoidRemoteNodes(container);
    }
    Resource remote = null;
    if (!connection) {
      remote = container.is(Flag.REMOTE_CONNECTION) ? container : guestIn(container);
    }
    if (remote == null) {
      add(
          "#resource-with-container",
          resource,
          container,
          nesting ? 10_000 : Scores.INFINITY,
          true);
      return;
    }
    // It runs on the guest node, not beside it.
    for (Candidate candidate : resource.allowed) {
      if (candidate.node.remoteResource != remote) {
        candidate.score = -Scores.INFINITY;
      }
    }
  }

  private static @Nullable Resource guestIn(Resource container) {
    for (Resource filler : container.fillers) {
      if (filler.is(Flag.REMOTE_CONNECTION)) {
        return filler;
      }
    }
    return null;
  }

  private static void avoidRemoteNodes(Resource resource) {
    for (Candidate candidate : resource.allowed) {
      if (candidate.node.remoteResource != null) {
        candidate.score = -Scores.INFINITY;
      }
    }
  }
}
