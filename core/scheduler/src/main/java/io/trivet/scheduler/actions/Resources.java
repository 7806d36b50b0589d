package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.unpack.ResourceParameters;
import org.jspecify.annotations.Nullable;

/// Questions about resources that the rooms of actions ask.
public final class Resources {
  private Resources() {}

  /// True if the resource runs somewhere; for one with children, all of them or any of them.
  public static boolean active(Resource resource, boolean all) {
    return switch (resource) {
      case Resource.Primitive p -> activePrimitive(p);
      case Resource.Group g -> activeMembers(g, all);
      case Resource.Clone c -> activeMembers(c, all);
      case Resource.Bundle b -> activeMembers(b, all);
    };
  }

  private static boolean activePrimitive(Resource.Primitive primitive) {
    for (Node node : primitive.runningOn) {
      if (node.unclean || node.online || !primitive.is(Resource.Flag.MANAGED)) {
        return true;
      }
    }
    return false;
  }

  private static boolean activeMembers(Resource parent, boolean all) {
    boolean one = false;
    for (Resource child : parent.children()) {
      boolean active = active(child, all);
      if (active && !all) {
        return true;
      }
      if (!active && all) {
        return false;
      }
      one |= active;
    }
    return all || one;
  }

  /// Changes the role that a resource shall have, and says why.
  public static void nextRole(Resource resource, Role role, String reason) {
    if (resource.nextRole != role) {
      resource.nextRole = role;
      resource.nextRoleReason = reason;
    }
  }

  /// Sorts the instances of a clone by their number.
  public static void sortInstances(Resource.Clone clone) {
    clone.instances.sort((a, b) -> Integer.compare(number(a), number(b)));
  }

  /// The number of an instance: what follows the last colon of its id.
  private static int number(Resource instance) {
    String id = instance.id;
    int number = 0;
    for (int i = id.lastIndexOf(':') + 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  /// The node that the resource is assigned to: of a group, its members' where they agree, else
  /// null.
  public static @Nullable Node assignedNode(Resource resource) {
    if (resource.children().isEmpty()) {
      return resource.assignedTo;
    }
    Node found = null;
    for (Resource child : resource.children()) {
      Node node = assignedNode(child);
      if (node != null && found != null && node != found) {
        return null;
      }
      found = node == null ? found : node;
    }
    return found;
  }

  /// The connection of the guest node that the resource is the machine of, or null.
  public static @Nullable Resource guestConnection(Resource container) {
    for (Resource filler : container.fillers) {
      if (filler.is(Resource.Flag.REMOTE_CONNECTION)) {
        return filler;
      }
    }
    return null;
  }

  /// True for the connection of a bundle whose address is that of the node which its container runs
  /// on.
  public static boolean needsBundleAddress(Cluster cluster, Resource resource) {
    return resource.is(Resource.Flag.REMOTE_CONNECTION)
        && "#uname".equalsIgnoreCase(ResourceParameters.of(cluster, resource, null).get("addr"));
  }

  /// The address of a bundle's connection: the node that its container is assigned to, else the one
  /// that it is on; null for all other resources.
  static @Nullable String bundleAddress(Cluster cluster, Resource resource) {
    Resource container = resource.container;
    if (container == null || !needsBundleAddress(cluster, resource)) {
      return null;
    }
    Node node =
        container.assignedTo == null ? ActiveNodes.of(container).node() : container.assignedTo;
    return node == null ? null : node.name;
  }
}
