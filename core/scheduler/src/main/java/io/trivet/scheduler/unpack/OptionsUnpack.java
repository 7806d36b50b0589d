package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Cluster.Flag;
import io.trivet.scheduler.model.Cluster.NoQuorum;
import io.trivet.scheduler.rules.Booleans;
import io.trivet.scheduler.rules.Durations;
import io.trivet.scheduler.rules.NvPairs;
import io.trivet.scheduler.rules.RuleContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Cluster options, with their defaults ("Pacemaker Explained", Cluster-Wide Configuration).
final class OptionsUnpack {
  private OptionsUnpack() {}

  static void unpack(Cluster cluster) {
    Element section = cluster.configuration("crm_config");
    if (section != null) {
      NvPairs.addTo(
          cluster.options,
          section,
          "cluster_property_set",
          RuleContext.at(cluster.now),
          cluster.cib);
    }
    cluster.set(Flag.HAVE_QUORUM, Booleans.parse(cluster.cib.get("have-quorum"), false));
    flag(cluster, Flag.PROBE_RESOURCES, "enable-startup-probes", true);
    flag(cluster, Flag.FENCING_ENABLED, "fencing-enabled", true);
    flag(cluster, Flag.CONCURRENT_FENCING, "concurrent-fencing", true);
    flag(cluster, Flag.STOP_ALL, "stop-all-resources", false);
    flag(cluster, Flag.SYMMETRIC, "symmetric-cluster", true);
    flag(cluster, Flag.STOP_REMOVED_RESOURCES, "stop-removed-resources", true);
    flag(cluster, Flag.CANCEL_REMOVED_ACTIONS, "cancel-removed-actions", true);
    flag(cluster, Flag.MAINTENANCE_MODE, "maintenance-mode", false);
    flag(cluster, Flag.START_FAILURE_FATAL, "start-failure-is-fatal", true);
    flag(cluster, Flag.STARTUP_FENCING, "startup-fencing", true);
    if (!cluster.is(Flag.FENCING_ENABLED)) {
      cluster.set(Flag.STARTUP_FENCING, false);
    }
    flag(cluster, Flag.SHUTDOWN_LOCK, "shutdown-lock", false);
    flag(cluster, Flag.HAVE_WATCHDOG, "have-watchdog", false);
    // Nodes that fence themselves by a watchdog need no device.
    cluster.set(Flag.HAVE_FENCING_RESOURCE, cluster.is(Flag.HAVE_WATCHDOG));
    cluster.set(Flag.ENABLE_UNFENCING, unfencing(cluster));
    cluster.fencingAction = "off".equals(cluster.options.get("fencing-action")) ? "off" : "reboot";
    cluster.fencingTimeoutMillis = duration(cluster, "fencing-timeout", 60_000);
    cluster.priorityFencingDelayMillis = duration(cluster, "priority-fencing-delay", 0);
    cluster.nodePendingTimeoutMillis = duration(cluster, "node-pending-timeout", 0);
    if (cluster.is(Flag.SHUTDOWN_LOCK)) {
      cluster.shutdownLockMillis = duration(cluster, "shutdown-lock-limit", 0);
    }
    cluster.placementStrategy = cluster.options.getOrDefault("placement-strategy", "default");
    cluster.noQuorum = noQuorum(cluster);
  }

  private static void flag(Cluster cluster, Flag flag, String option, boolean otherwise) {
    cluster.set(flag, Booleans.parse(cluster.options.get(option), otherwise));
  }

  private static long duration(Cluster cluster, String option, long otherwise) {
    return Durations.millis(cluster.options.get(option), otherwise);
  }

  /// Nodes commit suicide only in a cluster that had quorum once.
  private static NoQuorum noQuorum(Cluster cluster) {
    return switch (cluster
        .options
        .getOrDefault("no-quorum-policy", "stop")
        .toLowerCase(Locale.ROOT)) {
      case "ignore" -> NoQuorum.IGNORE;
      case "freeze" -> NoQuorum.FREEZE;
      case "demote" -> NoQuorum.DEMOTE;
      case "fence", "suicide" -> {
        boolean had =
            cluster.is(Flag.HAVE_QUORUM)
                || Booleans.parse(cluster.cib.get("no-quorum-panic"), false);
        yield cluster.is(Flag.FENCING_ENABLED) && had ? NoQuorum.FENCE : NoQuorum.STOP;
      }
      default -> NoQuorum.STOP;
    };
  }

  /// True if a meta-attribute `provides="unfencing"` stands anywhere among the resources or their
  /// defaults.
  private static boolean unfencing(Cluster cluster) {
    return provides(cluster.configuration("resources"))
        || provides(cluster.configuration("rsc_defaults"));
  }

  private static boolean provides(@Nullable Element element) {
    if (element == null) {
      return false;
    }
    boolean meta = element.is("meta_attributes");
    for (Element child : element.children()) {
      boolean found =
          meta
              ? "provides".equals(child.get("name")) && "unfencing".equals(child.get("value"))
              : provides(child);
      if (found) {
        return true;
      }
    }
    return false;
  }
}
