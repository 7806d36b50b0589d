package io.trivet.scheduler.unpack;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// A failed operation of the history, told to people: what was tried where and when, what came of
/// it, and what the agent said.
final class FailureSentence {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);

  private FailureSentence() {}

  static String of(HistoryEntry entry) {
    String said = entry.xml.get("exit-reason", "").strip();
    return tried(entry)
        + when(entry.xml.get("last-rc-change", entry.xml.get("last-run", "")))
        + ": "
        + result(entry)
        + (said.isEmpty() ? "" : ", \"" + said + "\"");
  }

  private static String tried(HistoryEntry entry) {
    String what = entry.resource.id;
    String where = " on " + entry.node.name;
    long millis = entry.intervalMillis;
    String every = millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    return switch (entry.task) {
      case "monitor" ->
          millis == 0
              ? "To look whether " + what + " runs" + where + " failed"
              : "The check of " + what + where + " every " + every + " failed";
      case "migrate_to" -> "The migration of " + what + " from " + entry.node.name + " failed";
      case "migrate_from" -> "The migration of " + what + " to " + entry.node.name + " failed";
      default -> "The " + entry.task + " of " + what + where + " failed";
    };
  }

  private static String when(String seconds) {
    if (!seconds.matches("[1-9]\\d{0,10}")) {
      return "";
    }
    return " at "
        + TIME.format(LocalDateTime.ofEpochSecond(Long.parseLong(seconds), 0, ZoneOffset.UTC));
  }

  private static String result(HistoryEntry entry) {
    return switch (entry.execution) {
      case TIMEOUT -> "it took too long";
      case PENDING -> "its end is not known";
      case CANCELLED -> "it was cancelled";
      case NOT_SUPPORTED -> "the agent cannot do it";
      case NOT_INSTALLED -> "not installed there";
      case NOT_CONNECTED -> "the node did not answer";
      case INVALID -> "it was not understood";
      case NO_FENCE_DEVICE -> "no fence device can do it";
      case NO_SECRETS -> "its secrets could not be read";
      case DONE, ERROR, ERROR_HARD, ERROR_FATAL -> exit(entry.xml.get("rc-code", "?"));
    };
  }

  /// Exit status of OCF agents in words.
  private static String exit(String code) {
    String words =
        switch (code) {
          case "0" -> "it runs";
          case "1" -> "error";
          case "2" -> "a parameter is wrong";
          case "3" -> "the agent cannot do it";
          case "4" -> "not allowed";
          case "5" -> "not installed there";
          case "6" -> "the configuration is wrong";
          case "7" -> "it does not run";
          case "8" -> "it runs promoted";
          case "9" -> "it runs promoted and is broken";
          case "190" -> "it runs, degraded";
          case "191" -> "it runs promoted, degraded";
          default -> "exit status";
        };
    return words + " (" + code + ")";
  }
}
