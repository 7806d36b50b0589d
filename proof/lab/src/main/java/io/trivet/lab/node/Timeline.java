package io.trivet.lab.node;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;

/// What `trivet events --json` says, as far as the lab needs it.
final class Timeline {
  private Timeline() {}

  /// Something that Trivet told.
  ///
  /// @param id the notice's name, also of its runbook
  /// @param atMillis wall-clock time
  record Event(String id, long atMillis) {}

  /// Reads the JSON: one event a line.
  static List<Event> parse(String json) {
    return json.lines().filter(line -> !line.isBlank()).map(Timeline::event).toList();
  }

  private static Event event(String line) {
    JsonObject notice = JsonParser.parseString(line).getAsJsonObject();
    return new Event(notice.get("id").getAsString(), notice.get("atMillis").getAsLong());
  }
}
