package io.trivet.scheduler.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Where resources run, for those that consist of others too.
public final class Running {
  private Running() {}

  /// The node that counts as the one it runs on: the source of a migration that is half done; else,
  /// where fencing is not needed, the first node in good state; else the first.
  public static @Nullable Node currentNode(Resource resource) {
    Node best = null;
    for (Node node : resource.runningOn) {
      if (resource.partialMigrationSource != null) {
        if (node == resource.partialMigrationSource) {
          return node;
        }
      } else if (!resource.is(Resource.Flag.NEEDS_FENCING)) {
        if (good(node) && (best == null || !good(best))) {
          best = node;
        }
      } else if (best == null) {
        return node;
      }
      if (best == null) {
        best = node;
      }
    }
    return best;
  }

  private static boolean good(Node node) {
    return node.online && !node.unclean;
  }

  /// True if it is active; with `all`, only if everything in it is.
  public static boolean active(Resource resource, boolean all) {
    return switch (resource) {
      case Resource.Primitive p -> activePrimitive(p);
      case Resource.Group g -> activeGroup(g, all);
      case Resource.Clone c -> activeCollection(c.instances, all);
      case Resource.Bundle b -> activeBundle(b, all);
    };
  }

  private static boolean activePrimitive(Resource.Primitive resource) {
    for (Node node : resource.runningOn) {
      if (node.unclean || node.online || !resource.is(Resource.Flag.MANAGED)) {
        return true;
      }
    }
    return false;
  }

  private static boolean activeGroup(Resource.Group group, boolean all) {
    boolean any = false;
    boolean every = true;
    for (Resource member : group.members) {
      if (active(member, all)) {
        any = true;
      } else {
        every = false;
      }
    }
    return any && (!all || every);
  }

  private static boolean activeCollection(List<? extends Resource> parts, boolean all) {
    for (Resource part : parts) {
      boolean partActive = active(part, all);
      if (partActive != all) {
        return partActive;
      }
    }
    return all;
  }

  private static boolean activeBundle(Resource.Bundle bundle, boolean all) {
    for (Resource.Bundle.Replica replica : bundle.replicas) {
      for (Resource part :
          new Resource[] {replica.ip, replica.child, replica.container, replica.remote}) {
        if (part != null && active(part, all) != all) {
          return !all;
        }
      }
    }
    return all;
  }

  /// The role it is in: for what consists of others, the most active one of theirs.
  public static Role role(Resource resource) {
    if (resource instanceof Resource.Primitive) {
      return resource.role;
    }
    Role most = Role.UNKNOWN;
    for (Resource child : resource.children()) {
      Role role = role(child);
      if (role.compareTo(most) > 0) {
        most = role;
      }
    }
    return most;
  }

  /// Every node that it, or a part of it, runs on.
  public static List<Node> nodes(Resource resource) {
    if (resource instanceof Resource.Primitive) {
      return resource.runningOn;
    }
    SequencedSet<Node> nodes = new LinkedHashSet<>();
    for (Resource child : resource.children()) {
      nodes.addAll(nodes(child));
    }
    return new ArrayList<>(nodes);
  }

  /// True if the flag is set for all parts of it; with `any`, for one of them.
  public static boolean is(Resource resource, Resource.Flag flag, boolean any) {
    if (resource.is(flag) == any) {
      return any;
    }
    for (Resource child : resource.children()) {
      if (is(child, flag, any) == any) {
        return any;
      }
    }
    return !any;
  }
}
