package io.trivet.cli;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// One notice of the timeline as a line for people.
final class EventsText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private final Paint paint;
  private final ZoneId zone;

  EventsText(Paint paint, ZoneId zone) {
    this.paint = paint;
    this.zone = zone;
  }

  String of(JsonObject notice) {
    String time =
        TIME.format(Instant.ofEpochMilli(Json.number(notice, "atMillis", 0)).atZone(zone));
    String severity = Json.text(notice, "severity", "INFO");
    String mark =
        switch (severity) {
          case "CRITICAL" -> paint.red("CRITICAL");
          case "WARNING" -> paint.yellow("WARNING ");
          default -> "        ";
        };
    String node = Json.text(notice, "node", "");
    String runbook = Json.textOrNull(notice, "runbook");
    String page = runbook == null ? "" : paint.dim("  (trivet runbook " + runbook + ")");
    return time
        + "  "
        + mark
        + "  "
        + padded(node, 4)
        + "  "
        + padded(Json.text(notice, "id", "?"), 22)
        + "  "
        + Json.text(notice, "text", "")
        + page;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
