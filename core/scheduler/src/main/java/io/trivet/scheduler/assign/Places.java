package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where resources are and will be, and which nodes can take them.
public final class Places {
  private Places() {}

  /// True if the node can run resources at all.
  public static boolean available(Node node) {
    return node.online && !node.shutdown && !node.unclean && !node.standby && !node.maintenance;
  }

  /// True if the candidate can run resources and is not avoided.
  public static boolean wanted(@Nullable Candidate candidate) {
    return candidate != null && candidate.score >= 0 && available(candidate.node);
  }

  /// True if any candidate can run resources and is not avoided.
  public static boolean anyWanted(NodeScores nodes) {
    for (Candidate candidate : nodes) {
      if (wanted(candidate)) {
        return true;
      }
    }
    return false;
  }

  /// The one node that counts as that where the resource is active now, or null: the source of a
  /// migration that is half done, else the first node that is online and clean, else the first.
  public static @Nullable Node current(Resource resource) {
    Node active = null;
    for (Node node : resource.runningOn) {
      boolean more = false;
      boolean happy = node.online && !node.unclean;
      if (resource.partialMigrationSource != null) {
        if (node == resource.partialMigrationSource) {
          active = node;
        } else {
          more = true;
        }
      } else if (!resource.is(Flag.NEEDS_FENCING)) {
        if (happy && (active == null || !active.online || active.unclean)) {
          active = node;
        } else {
          more = true;
        }
      }
      if (active == null) {
        active = node;
      }
      if (!more) {
        break;
      }
    }
    return active;
  }

  /// The node that the resource is assigned to; null where it is none, or where the resource's
  /// members are on several.
  public static @Nullable Node assigned(Resource resource) {
    if (resource instanceof Resource.Primitive) {
      return resource.assignedTo;
    }
    List<Node> nodes = assignedNodes(resource);
    return nodes.size() == 1 ? nodes.getFirst() : null;
  }

  /// All nodes that the resource or its members are assigned to.
  public static List<Node> assignedNodes(Resource resource) {
    List<Node> nodes = new ArrayList<>();
    collect(resource, nodes);
    return nodes;
  }

  private static void collect(Resource resource, List<Node> nodes) {
    if (resource.children().isEmpty()) {
      if (resource.assignedTo != null && !nodes.contains(resource.assignedTo)) {
        nodes.add(resource.assignedTo);
      }
    } else {
      resource.children().forEach(c -> collect(c, nodes));
    }
  }

  /// The score of the node where the resource is assigned, as it was then.
  static int assignedScore(Resource resource) {
    Resource r = resource;
    while (!r.children().isEmpty()) {
      r = r.children().getFirst();
    }
    return r.assignedScore;
  }

  /// The highest role of the resource and its members, now.
  public static Role role(Resource resource) {
    if (resource instanceof Resource.Primitive) {
      return resource.role;
    }
    Role highest = Role.UNKNOWN;
    for (Resource child : resource.children()) {
      Role role = role(child);
      highest = role.compareTo(highest) > 0 ? role : highest;
    }
    return highest;
  }

  /// The highest role of the resource and its members, after the transition.
  public static Role nextRole(Resource resource) {
    if (resource instanceof Resource.Primitive) {
      return resource.nextRole;
    }
    Role highest = Role.UNKNOWN;
    for (Resource child : resource.children()) {
      Role role = nextRole(child);
      highest = role.compareTo(highest) > 0 ? role : highest;
    }
    return highest;
  }

  /// The candidate of what contains the resource, or its own where nothing does.
  static @Nullable Candidate ofParent(Resource resource, @Nullable Node node) {
    Resource parent = resource.parent;
    return (parent == null ? resource : parent).allowed.get(node);
  }

  /// True if the resource or anything in it has the flag.
  public static boolean anyHas(Resource resource, Flag flag) {
    if (resource.is(flag)) {
      return true;
    }
    for (Resource child : resource.children()) {
      if (anyHas(child, flag)) {
        return true;
      }
    }
    return false;
  }

  /// Sets what the resource will be, and why.
  public static void setNextRole(Resource resource, Role role, String why) {
    if (resource.nextRole != role) {
      resource.nextRole = role;
      resource.nextRoleReason = why;
    }
  }

  /// The outermost resource that contains it, but no bundle.
  static Resource top(Resource resource) {
    Resource top = resource;
    while (top.parent != null && !(top.parent instanceof Resource.Bundle)) {
      top = top.parent;
    }
    return top;
  }

  /// The bundle that the resource is part of, or null.
  static Resource.@Nullable Bundle bundleOf(Resource resource) {
    Resource r = resource;
    while (r != null) {
      if (r instanceof Resource.Bundle bundle) {
        return bundle;
      }
      r = r.parent;
    }
    return null;
  }
}
