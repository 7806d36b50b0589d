package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.model.Resource.Clone;
import io.trivet.scheduler.model.Resource.Group;
import io.trivet.scheduler.model.Resource.Primitive;
import io.trivet.scheduler.model.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a resource stands among those that contain it and those that it contains.
public final class Family {
  private Family() {}

  /// The outermost resource around it that is no bundle.
  public static Resource top(Resource resource) {
    Resource top = resource;
    Resource parent = top.parent;
    while (parent != null && !(parent instanceof Bundle)) {
      top = parent;
      parent = top.parent;
    }
    return top;
  }

  /// True if it is, or is an instance of, a promotable clone.
  public static boolean promotable(Resource resource) {
    return top(resource) instanceof Clone clone && clone.promotable;
  }

  public static boolean isAncestor(Resource ancestor, Resource resource) {
    for (Resource parent = resource.parent; parent != null; parent = parent.parent) {
      if (parent == ancestor) {
        return true;
      }
    }
    return false;
  }

  /// True for a bundle and all within it.
  public static boolean inBundle(Resource resource) {
    return resource.top() instanceof Bundle;
  }

  /// What there are several of: a clone's instances, a bundle's containers; none otherwise.
  public static List<? extends Resource> instances(Resource resource) {
    return switch (resource) {
      case Clone clone -> clone.instances;
      case Bundle bundle -> containers(bundle);
      case Group _ -> List.of();
      case Primitive _ -> List.of();
    };
  }

  public static List<Primitive> containers(Bundle bundle) {
    List<Primitive> containers = new ArrayList<>(bundle.replicas.size());
    for (Bundle.Replica replica : bundle.replicas) {
      if (replica.container != null) {
        containers.add(replica.container);
      }
    }
    return containers;
  }

  /// What runs in that container of a bundle, or null.
  public static @Nullable Resource inContainer(Resource container) {
    if (container.top() instanceof Bundle bundle) {
      for (Bundle.Replica replica : bundle.replicas) {
        if (replica.container == container) {
          return replica.child;
        }
      }
    }
    return null;
  }

  /// The role now, or the one to come; for a collective resource the highest of its parts.
  public static Role role(Resource resource, boolean current) {
    Role highest = Role.UNKNOWN;
    switch (resource) {
      case Primitive primitive -> {
        return current ? primitive.role : primitive.nextRole;
      }
      case Group group -> {
        for (Resource member : group.members) {
          highest = higher(highest, role(member, current));
        }
      }
      case Clone clone -> {
        for (Resource instance : clone.instances) {
          highest = higher(highest, role(instance, current));
        }
      }
      case Bundle bundle -> {
        for (Resource container : containers(bundle)) {
          highest = higher(highest, role(container, current));
        }
      }
    }
    return highest;
  }

  private static Role higher(Role a, Role b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /// The one node on which it is now, or to which it is assigned; null for none or several.
  public static @Nullable Node location(Resource resource, boolean current) {
    if (resource instanceof Primitive) {
      if (!current) {
        return resource.assignedTo;
      }
      return resource.runningOn.size() == 1 ? resource.runningOn.getFirst() : null;
    }
    List<Node> nodes = new ArrayList<>(2);
    collect(resource, current, nodes);
    return nodes.size() == 1 ? nodes.getFirst() : null;
  }

  private static void collect(Resource resource, boolean current, List<Node> into) {
    if (resource instanceof Primitive) {
      if (current) {
        resource.runningOn.forEach(n -> addOnce(into, n));
      } else if (resource.assignedTo != null) {
        addOnce(into, resource.assignedTo);
      }
      return;
    }
    for (Resource child : resource.children()) {
      collect(child, current, into);
      if (into.size() > 1) {
        return;
      }
    }
  }

  private static void addOnce(List<Node> nodes, Node node) {
    if (!nodes.contains(node)) {
      nodes.add(node);
    }
  }
}
