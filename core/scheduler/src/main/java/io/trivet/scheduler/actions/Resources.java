package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;

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
}
