package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.rules.Durations;
import org.jspecify.annotations.Nullable;

/// An operation of the history: what was done with a resource on a node, and what came of it. What
/// it came to may be read differently than it was recorded.
final class HistoryEntry {
  /// Exit status of OCF agents.
  static final int OK = 0;

  static final int INVALID_PARAMETER = 2;
  static final int UNIMPLEMENTED = 3;
  static final int INSUFFICIENT_PRIVILEGES = 4;
  static final int NOT_INSTALLED = 5;
  static final int NOT_CONFIGURED = 6;
  static final int NOT_RUNNING = 7;
  static final int RUNNING_PROMOTED = 8;
  static final int FAILED_PROMOTED = 9;
  static final int DEGRADED = 190;
  static final int DEGRADED_PROMOTED = 191;

  /// How the execution itself ended (`op-status`).
  enum Execution {
    PENDING(-1),
    DONE(0),
    CANCELLED(1),
    TIMEOUT(2),
    NOT_SUPPORTED(3),
    ERROR(4),
    ERROR_HARD(5),
    ERROR_FATAL(6),
    NOT_INSTALLED(7),
    NOT_CONNECTED(8),
    INVALID(9),
    NO_FENCE_DEVICE(10),
    NO_SECRETS(11);

    private final int code;

    Execution(int code) {
      this.code = code;
    }

    static @Nullable Execution of(int code) {
      for (Execution e : values()) {
        if (e.code == code) {
          return e;
        }
      }
      return null;
    }
  }

  final Cluster cluster;
  final Resource resource;
  final Node node;
  final Element xml;
  final String task;
  final long intervalMillis;

  /// The exit status that was asked for; -1 where it is not known.
  final int expected;

  Execution execution;
  int exit;

  private HistoryEntry(
      Cluster cluster,
      Resource resource,
      Node node,
      Element xml,
      String task,
      Execution execution,
      int exit) {
    this.cluster = cluster;
    this.resource = resource;
    this.node = node;
    this.xml = xml;
    this.task = task;
    this.intervalMillis = interval(xml);
    this.expected = expected(xml);
    this.execution = execution;
    this.exit = exit;
  }

  /// Null for what says nothing about the resource's state.
  static @Nullable HistoryEntry of(Cluster cluster, Resource resource, Node node, Element xml) {
    String task = xml.get("operation");
    if (xml.id().isEmpty() || task == null || task.equals("notify")) {
      return null;
    }
    Execution execution = Execution.of(number(xml.get("op-status"), Integer.MAX_VALUE));
    int exit = number(xml.get("rc-code"), -1);
    if (execution == null || execution == Execution.CANCELLED || exit < 0 || exit > 255) {
      cluster.warnings.add(
          "history entry " + xml.id() + " of " + resource.id + " on " + node + " is invalid");
      return null;
    }
    return new HistoryEntry(cluster, resource, node, xml, task, execution, exit);
  }

  /// `resource_task_interval` as recorded.
  String key() {
    return key(xml);
  }

  static String key(Element xml) {
    return xml.get("operation_key", xml.id());
  }

  boolean probe() {
    return probe(xml);
  }

  static boolean probe(Element xml) {
    return "monitor".equals(xml.get("operation")) && interval(xml) == 0;
  }

  /// True for a probe that failed since the agent or what it needs is not there: so the resource is
  /// not running there.
  boolean maskedProbe() {
    if (resource.bundled() || !probe()) {
      return false;
    }
    int rc = number(xml.get("rc-code"), 0);
    return rc == NOT_INSTALLED
        || rc == INVALID_PARAMETER
        || number(xml.get("op-status"), 0) == Execution.NOT_INSTALLED.code;
  }

  boolean lastFailure() {
    return xml.id().endsWith("_last_failure_0");
  }

  static long interval(Element xml) {
    String text = xml.get("interval");
    if (text == null) {
      return 0;
    }
    String t = text.strip();
    return digits(t, 0) ? Long.parseLong(t) : Durations.millis(t, 0);
  }

  /// Seconds since 1970; -1 where it is not known.
  static long lastChange(Element xml) {
    String text = xml.get("last-rc-change", "").strip();
    return digits(text, 0) ? Long.parseLong(text) : -1;
  }

  /// The third part of the transition key, `ACTION:TRANSITION:EXPECTED:UUID`.
  static int expected(Element xml) {
    String[] parts = xml.get("transition-key", "").split(":", 4);
    return parts.length < 4 ? -1 : number(parts[2], -1);
  }

  /// The number, or the nearest that there is room for; `otherwise` where the text is none.
  static int number(@Nullable String text, int otherwise) {
    if (text == null) {
      return otherwise;
    }
    String t = text.strip();
    boolean signed = t.startsWith("-") || t.startsWith("+");
    return digits(t, signed ? 1 : 0)
        ? Math.clamp(Long.parseLong(t), Integer.MIN_VALUE, Integer.MAX_VALUE)
        : otherwise;
  }

  /// True if from there on the text is 1 to 18 digits and nothing else.
  private static boolean digits(String text, int from) {
    int count = text.length() - from;
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return count > 0 && count <= 18;
  }
}
