package io.trivet.scheduler.text;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Running;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lines of the status that tell of resources: one for a primitive, a heading and its members
/// for what consists of others. Clones have [CloneLines].
final class ResourceLines {
  private ResourceLines() {}

  static void add(Cluster cluster, Resource resource, int depth, Lines lines) {
    switch (resource) {
      case Resource.Primitive p -> lines.item(depth, primitive(cluster, p));
      case Resource.Group g -> {
        lines.item(depth, "Resource Group: " + g.id + flags(words(g)) + ":");
        g.members.forEach(m -> add(cluster, m, depth + 1, lines));
      }
      case Resource.Clone c -> CloneLines.add(cluster, c, depth, lines);
      case Resource.Bundle b -> bundle(cluster, b, depth, lines);
    }
  }

  /// ` (a, b)`, or nothing.
  static String flags(List<String> words) {
    return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
  }

  /// Why a group or a clone is not as others are.
  static List<String> words(Resource resource) {
    List<String> words = new ArrayList<>();
    if (disabled(resource)) {
      words.add("disabled");
    }
    if (resource.is(Resource.Flag.MAINTENANCE)) {
      words.add("maintenance");
    } else if (!resource.is(Resource.Flag.MANAGED)) {
      words.add("unmanaged");
    }
    return words;
  }

  /// True if its target role keeps it from what it could be.
  private static boolean disabled(Resource resource) {
    Role target = Role.parse(resource.meta("target-role"));
    return target == Role.STOPPED || (target == Role.UNPROMOTED && promotable(resource));
  }

  static boolean promotable(Resource resource) {
    for (Resource r = resource; r != null; r = r.parent) {
      if (r instanceof Resource.Clone clone && clone.promotable) {
        return true;
      }
    }
    return false;
  }

  /// Its name as people know it: an instance that is like every other has no number.
  static String name(Resource resource) {
    return resource.is(Resource.Flag.GLOBALLY_UNIQUE) ? resource.id : resource.xml.id();
  }

  private static String primitive(Cluster cluster, Resource.Primitive resource) {
    Node node = resource.lockNode;
    if (node == null) {
      node = Running.currentNode(resource);
    }
    if (node == null) {
      node = resource.pendingNode;
    }
    List<Node> several = resource.runningOn.size() > 1 ? resource.runningOn : List.of();
    return primitive(
        cluster,
        resource,
        name(resource),
        several.isEmpty() ? node : null,
        resource.meta("target-role"),
        several);
  }

  private static String primitive(
      Cluster cluster,
      Resource.Primitive resource,
      String name,
      @Nullable Node node,
      @Nullable String targetRole,
      List<Node> several) {
    StringBuilder line = new StringBuilder();
    line.append(name).append("\t(").append(resource.agent()).append("):\t");
    if (resource.is(Resource.Flag.REMOVED)) {
      line.append(" ORPHANED");
    }
    Role role = role(resource);
    if (resource.is(Resource.Flag.FAILED)) {
      line.append(" FAILED");
      if (role.compareTo(Role.UNPROMOTED) > 0) {
        line.append(' ').append(role.text());
      }
    } else {
      String pending = pendingState(resource);
      line.append(' ').append(pending == null ? role.text() : pending);
    }
    if (node != null) {
      line.append(' ').append(node.name);
    }
    if (role == Role.STOPPED) {
      String failure = ProbeFailures.of(cluster, resource, node == null ? null : node.name);
      if (failure != null) {
        line.append(" (").append(failure).append(") ");
      }
    }
    line.append(flags(primitiveWords(resource, node, targetRole)));
    if (!several.isEmpty()) {
      line.append(" [");
      several.forEach(n -> line.append(' ').append(n.name));
      line.append(" ]");
    }
    return line.toString();
  }

  private static List<String> primitiveWords(
      Resource resource, @Nullable Node node, @Nullable String targetRole) {
    List<String> words = new ArrayList<>();
    if (node != null && !node.online && node.unclean) {
      words.add("UNCLEAN");
    }
    if (node != null && node == resource.lockNode) {
      words.add("LOCKED");
    }
    if ("monitor".equals(resource.pendingTask)) {
      words.add("Monitoring");
    }
    Role target = Role.parse(targetRole);
    if (target == Role.STOPPED) {
      words.add("disabled");
    } else if (target == Role.UNPROMOTED && promotable(resource)) {
      words.add("target-role:Unpromoted");
    }
    if (resource.is(Resource.Flag.BLOCKED)) {
      words.add("blocked");
    } else if (resource.is(Resource.Flag.MAINTENANCE)) {
      words.add("maintenance");
    } else if (!resource.is(Resource.Flag.MANAGED)) {
      words.add("unmanaged");
    }
    if (resource.is(Resource.Flag.LRM_IGNORE_FAILURE)) {
      words.add("failure ignored");
    }
    return words;
  }

  /// The role as shown: an instance of a promotable clone that runs is unpromoted at least.
  private static Role role(Resource resource) {
    return resource.role == Role.STARTED && promotable(resource) ? Role.UNPROMOTED : resource.role;
  }

  private static @Nullable String pendingState(Resource resource) {
    String task = resource.pendingTask;
    return task == null
        ? null
        : switch (task) {
          case "start" -> "Starting";
          case "stop" -> "Stopping";
          case "migrate_to", "migrate_from" -> "Migrating";
          case "promote" -> "Promoting";
          case "demote" -> "Demoting";
          default -> null;
        };
  }

  private static void bundle(Cluster cluster, Resource.Bundle bundle, int depth, Lines lines) {
    String unique = bundle.is(Resource.Flag.GLOBALLY_UNIQUE) ? " (unique)" : "";
    String managed =
        bundle.is(Resource.Flag.MAINTENANCE)
            ? " (maintenance)"
            : bundle.is(Resource.Flag.MANAGED) ? "" : " (unmanaged)";
    lines.item(
        depth,
        "Container bundle%s: %s [%s]%s%s:"
            .formatted(
                bundle.replicasWanted > 1 ? " set" : "", bundle.id, bundle.image, unique, managed));
    for (Resource.Bundle.Replica replica : bundle.replicas) {
      lines.item(depth + 1, replica(cluster, replica));
    }
  }

  private static String replica(Cluster cluster, Resource.Bundle.Replica replica) {
    Resource.Primitive shown =
        replica.child instanceof Resource.Primitive child ? child : replica.container;
    Resource named = replica.remote != null ? replica.remote : replica.container;
    if (shown == null || named == null) {
      throw new IllegalStateException("A replica without a container");
    }
    String name = name(named) + (replica.address == null ? "" : " (" + replica.address + ")");
    Node node = replica.container == null ? null : Running.currentNode(replica.container);
    return primitive(cluster, shown, name, node, null, List.of());
  }
}
