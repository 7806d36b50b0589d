package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.rules.Booleans;
import io.trivet.scheduler.rules.Durations;
import io.trivet.scheduler.rules.Iso8601;
import io.trivet.scheduler.rules.NvPairs;
import io.trivet.scheduler.rules.RuleContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Operations as configured ("Pacemaker Explained", Resource Operations).
public final class Operations {
  private static final long DEFAULT_TIMEOUT_MILLIS = 20_000;

  private Operations() {}

  /// The configuration of the operation, or null; disabled ones do not count. Migrations may be
  /// configured together, as `migrate`.
  public static @Nullable Element find(Resource resource, String task, long intervalMillis) {
    return find(resource, task, intervalMillis, false);
  }

  /// As [#find(Resource, String, long)].
  ///
  /// @param disabled true if those with `enabled="false"` count, too
  public static @Nullable Element find(
      Resource resource, String task, long intervalMillis, boolean disabled) {
    Element exact = exact(resource, task, intervalMillis, disabled);
    boolean migration = task.equals("migrate_to") || task.equals("migrate_from");
    return exact == null && migration ? exact(resource, "migrate", 0, disabled) : exact;
  }

  private static @Nullable Element exact(
      Resource resource, String task, long intervalMillis, boolean disabled) {
    if (resource.operations == null) {
      return null;
    }
    for (Element op : resource.operations.children()) {
      if (op.is("op")
          && task.equals(op.get("name"))
          && (disabled || enabled(op))
          && interval(op) == intervalMillis) {
        return op;
      }
    }
    return null;
  }

  /// False for `enabled="false"`.
  public static boolean enabled(Element op) {
    return Booleans.parse(op.get("enabled"), true);
  }

  /// The interval of an operation of the history, in milliseconds: there, a number has no unit.
  public static long recordedInterval(Element operation) {
    return HistoryEntry.interval(operation);
  }

  /// Milliseconds; 0 for what does not recur.
  public static long interval(Element op) {
    return Durations.millis(op.get("interval"), 0);
  }

  /// Meta-attributes of an operation: its own XML attributes win over its sets, these over
  /// `op_defaults`. `interval` and `timeout` are in milliseconds. A probe without a timeout takes
  /// that of the most frequent monitor.
  ///
  /// @param op as [#find] gives it
  public static SequencedMap<String, String> meta(
      Cluster cluster,
      Resource resource,
      @Nullable Node node,
      String task,
      long intervalMillis,
      @Nullable Element op) {
    SequencedMap<String, String> meta = new LinkedHashMap<>();
    RuleContext context =
        MetaAttributes.context(cluster, resource).withOperation(task, intervalMillis);
    Element defaults = cluster.configuration("op_defaults");
    if (defaults != null) {
      NvPairs.addTo(meta, defaults, "meta_attributes", context, cluster.cib);
    }
    boolean probe = task.equals("monitor") && intervalMillis == 0;
    if (probe) {
      put(meta, "timeout", probeTimeout(resource));
    }
    if (op != null) {
      meta.putAll(NvPairs.unpack(op, "meta_attributes", context, cluster.cib));
      meta.putAll(op.attributes());
    }
    meta.remove("id");
    meta.remove("interval");
    if (intervalMillis > 0) {
      meta.put("interval", Long.toString(intervalMillis));
    }
    if (resource.is(Resource.Flag.FENCE_DEVICE) && (probe || task.equals("start"))) {
      put(
          meta,
          "timeout",
          ResourceParameters.of(cluster, resource, node).get("pcmk_monitor_timeout"));
    }
    long timeout = Durations.millis(meta.get("timeout"), 0);
    meta.put("timeout", Long.toString(timeout > 0 ? timeout : DEFAULT_TIMEOUT_MILLIS));
    checkOnFail(resource, task, op, meta);
    startDelay(cluster, intervalMillis, meta);
    return meta;
  }

  private static void put(SequencedMap<String, String> meta, String name, @Nullable String value) {
    if (value != null) {
      meta.put(name, value);
    }
  }

  private static @Nullable String probeTimeout(Resource resource) {
    if (resource.operations == null) {
      return null;
    }
    Element most = null;
    for (Element op : resource.operations.children("op")) {
      if ("monitor".equals(op.get("name"))
          && enabled(op)
          && interval(op) > 0
          && (most == null || interval(op) < interval(most))) {
        most = op;
      }
    }
    return most == null ? null : most.get("timeout");
  }

  /// Takes out values of `on-fail` that make no sense for the operation. A demotion without one has
  /// that of the monitor of the promoted role.
  private static void checkOnFail(
      Resource resource, String task, @Nullable Element op, SequencedMap<String, String> meta) {
    String value = meta.get("on-fail");
    String lower = value == null ? "" : value.toLowerCase(Locale.ROOT);
    if (task.equals("stop")) {
      if (lower.equals("standby") || lower.equals("demote") || lower.equals("stop")) {
        meta.remove("on-fail");
      }
    } else if (task.equals("demote") && value == null) {
      fromPromotedMonitor(resource, meta);
    } else if (task.equals("lrm_delete")) {
      meta.put("on-fail", "ignore");
    } else if (lower.equals("demote") && !mayDemote(op)) {
      meta.remove("on-fail");
    }
  }

  private static void fromPromotedMonitor(Resource resource, SequencedMap<String, String> meta) {
    if (resource.operations == null) {
      return;
    }
    for (Element op : resource.operations.children("op")) {
      String onFail = op.get("on-fail");
      if (onFail != null
          && promotedMonitor(op)
          && enabled(op)
          && !onFail.equalsIgnoreCase("demote")) {
        meta.put("on-fail", onFail);
      }
    }
  }

  private static boolean mayDemote(@Nullable Element op) {
    return op != null && ("promote".equals(op.get("name")) || promotedMonitor(op));
  }

  private static boolean promotedMonitor(Element op) {
    String role = op.get("role", "");
    return "monitor".equals(op.get("name"))
        && interval(op) > 0
        && (role.equalsIgnoreCase("promoted") || role.equalsIgnoreCase("master"));
  }

  /// `start-delay` in milliseconds, from itself or from `interval-origin`.
  private static void startDelay(
      Cluster cluster, long intervalMillis, SequencedMap<String, String> meta) {
    String delay = meta.get("start-delay");
    if (delay != null) {
      meta.put("start-delay", Long.toString(Math.max(0, Durations.millis(delay, 0))));
      return;
    }
    Long origin = Iso8601.seconds(meta.get("interval-origin"));
    long seconds = (intervalMillis + 500) / 1000;
    if (origin == null || seconds == 0) {
      return;
    }
    long since = (cluster.now - origin) % seconds;
    meta.put("start-delay", Long.toString(((since <= 0 ? 0 : seconds) - since) * 1000));
  }
}
