package io.trivet.scheduler.assign;

import io.trivet.scheduler.constraints.Bans;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.unpack.FailCounts;
import org.jspecify.annotations.Nullable;

/// Bans resources from nodes on which they failed as often as `migration-threshold` says
/// ("Pacemaker Explained", Handling Resource Failure).
final class Thresholds {
  private Thresholds() {}

  /// True if anything failed on the node, as far as its attributes say.
  static boolean hasFailures(Node node) {
    return node.attributes.keySet().stream().anyMatch(name -> name.startsWith("fail-count-"));
  }

  /// Bans the resource, or what in it failed too often, from the node.
  static void check(Cluster cluster, Resource resource, Node node) {
    if (!resource.children().isEmpty()) {
      resource.children().forEach(c -> check(cluster, c, node));
      return;
    }
    if (resource.migrationThreshold == 0 || willBeCleared(resource, node)) {
      return;
    }
    Resource failed = reached(cluster, resource, node);
    if (failed != null) {
      Bans.on(failed, node, -Scores.INFINITY);
      if (cluster.reasons != null) {
        failed.flattened().forEach(r -> reason(cluster, r));
      }
    }
  }

  private static void reason(Cluster cluster, Resource resource) {
    if (cluster.reasons != null) {
      cluster.reasons.step(
          resource, "it failed there as often as its migration-threshold allows", "", 0);
    }
  }

  private static boolean willBeCleared(Resource resource, Node node) {
    String key = resource.key("clear_failcount");
    for (Action action : resource.actions) {
      if (action.node == node && action.key.equals(key)) {
        return true;
      }
    }
    return false;
  }

  /// What is to be banned from the node because the resource failed there too often: for an
  /// anonymous instance, the whole clone.
  ///
  /// @return null where it may be tried again
  static @Nullable Resource reached(Cluster cluster, Resource resource, Node node) {
    if (resource.migrationThreshold == 0 || resource.is(Flag.LRM_IGNORE_FAILURE)) {
      return null;
    }
    int failures = FailCounts.count(cluster, node, resource, true, true);
    if (failures <= 0 || failures < resource.migrationThreshold) {
      return null;
    }
    return resource.is(Flag.GLOBALLY_UNIQUE) ? resource : Places.top(resource);
  }
}
