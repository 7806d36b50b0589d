package io.trivet.scheduler.unpack;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Resource.MultipleActive;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.rules.Booleans;
import io.trivet.scheduler.rules.Durations;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a resource's meta-attributes mean ("Pacemaker Explained", Resource Meta-Attributes).
final class ResourceOptions {
  private ResourceOptions() {}

  static void apply(Cluster cluster, Resource resource) {
    resource.set(Flag.UNASSIGNED, true);
    resource.role = Role.STOPPED;
    resource.priority = Scores.parse(resource.meta("priority"), 0);
    resource.set(Flag.CRITICAL, yes(resource, "critical", true));
    resource.set(Flag.NOTIFY, yes(resource, "notify", false));
    boolean connection = NodesUnpack.isConnection(resource.xml);
    boolean remote = connection && resource.meta("container") == null;
    resource.set(Flag.REMOTE_CONNECTION, connection);
    // Without migration, all that runs on a remote node would stop when its connection moves.
    resource.set(
        Flag.MIGRATABLE,
        yes(resource, "allow-migrate", remote && resource.meta("allow-migrate") == null));
    managed(cluster, resource);
    unique(resource);
    resource.multipleActive = multipleActive(resource);
    resource.stickiness = Scores.parse(resource.meta("resource-stickiness"), 0);
    threshold(resource);
    if ("stonith".equals(resource.xml.get("class"))) {
      cluster.set(Cluster.Flag.HAVE_FENCING_RESOURCE, true);
      resource.set(Flag.FENCE_DEVICE, true);
    }
    requires(cluster, resource, resource.meta("requires"));
    resource.failureTimeoutMillis = Durations.millis(resource.meta("failure-timeout"), 0);
    if (remote) {
      reconnect(cluster, resource);
    }
    Role target = targetRole(resource);
    if (target != null) {
      resource.nextRole = target;
    }
  }

  static boolean yes(Resource resource, String name, boolean otherwise) {
    String value = resource.meta(name);
    return value == null ? otherwise : Booleans.parse(value, false);
  }

  private static void managed(Cluster cluster, Resource resource) {
    boolean clusterMaintenance = cluster.is(Cluster.Flag.MAINTENANCE_MODE);
    boolean maintenance = clusterMaintenance || yes(resource, "maintenance", false);
    String managed = resource.meta("is-managed");
    boolean said = managed != null && !managed.equalsIgnoreCase("default");
    resource.set(Flag.MANAGED, !maintenance && (!said || Booleans.parse(managed, false)));
    resource.set(Flag.MAINTENANCE, maintenance);
  }

  private static void unique(Resource resource) {
    Resource top = resource.topInBundle();
    if (top instanceof Resource.Clone clone) {
      resource.set(Flag.GLOBALLY_UNIQUE, detectUnique(resource));
      if (resource == clone) {
        clone.promotable = yes(resource, "promotable", false);
      }
    } else {
      resource.set(Flag.GLOBALLY_UNIQUE, true);
    }
  }

  /// Several instances on a node have to be told from each other.
  private static boolean detectUnique(Resource resource) {
    return yes(resource, "globally-unique", Scores.parse(resource.meta("clone-node-max"), 1) > 1);
  }

  private static MultipleActive multipleActive(Resource resource) {
    String policy = resource.meta("multiple-active");
    return switch (policy == null ? "" : policy.toLowerCase(Locale.ROOT)) {
      case "stop_only" -> MultipleActive.STOP_ONLY;
      case "block" -> MultipleActive.BLOCK;
      case "stop_unexpected" -> MultipleActive.STOP_UNEXPECTED;
      default -> MultipleActive.STOP_START;
    };
  }

  private static void threshold(Resource resource) {
    String threshold = resource.meta("migration-threshold");
    if (threshold != null && !threshold.equalsIgnoreCase("default")) {
      int value = Scores.parse(threshold, 0);
      resource.migrationThreshold = value < 0 ? 1 : value;
    }
  }

  /// A lost connection is not tried again before `reconnect_interval` is over: this is done as if
  /// its failure expired then.
  private static void reconnect(Cluster cluster, Resource resource) {
    String interval = ResourceParameters.of(cluster, resource, null).get("reconnect_interval");
    resource.parameters.clear();
    if (interval != null) {
      resource.remoteReconnectMillis = Durations.millis(interval, 0);
      resource.failureTimeoutMillis = resource.remoteReconnectMillis;
    }
  }

  private static void requires(Cluster cluster, Resource resource, @Nullable String value) {
    boolean device = resource.is(Flag.FENCE_DEVICE);
    boolean fencing = cluster.is(Cluster.Flag.FENCING_ENABLED);
    switch (value == null ? "" : value.toLowerCase(Locale.ROOT)) {
      case "nothing" -> {}
      case "quorum" -> resource.set(Flag.NEEDS_QUORUM, true);
      case "fencing" -> resource.set(Flag.NEEDS_FENCING, true);
      case "unfencing" -> {
        if (device || !fencing) {
          resource.set(Flag.NEEDS_QUORUM, true);
        } else {
          resource.set(Flag.NEEDS_FENCING, true);
          resource.set(Flag.NEEDS_UNFENCING, true);
        }
      }
      default -> requires(cluster, resource, defaultRequirement(cluster, resource));
    }
  }

  private static String defaultRequirement(Cluster cluster, Resource resource) {
    if (resource.is(Flag.FENCE_DEVICE) || resource.is(Flag.REMOTE_CONNECTION)) {
      return "quorum";
    }
    if (cluster.is(Cluster.Flag.ENABLE_UNFENCING)) {
      return "unfencing";
    }
    if (cluster.is(Cluster.Flag.FENCING_ENABLED)) {
      return "fencing";
    }
    return cluster.noQuorum == Cluster.NoQuorum.IGNORE ? "nothing" : "quorum";
  }

  /// The role that `target-role` limits the resource to; null where it does not.
  static @Nullable Role targetRole(Resource resource) {
    Role role = Role.parse(resource.meta("target-role"));
    return role == Role.STOPPED || (role == Role.UNPROMOTED && resource.promotable()) ? role : null;
  }
}
