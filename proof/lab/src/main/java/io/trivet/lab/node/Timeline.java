package io.trivet.lab.node;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;

/// What `trivet events --json` says, as far as the lab needs it.
final class Timeline {
  private Timeline() {}

  /// Something that Trivet told.
  ///
  /// @param id the notice's name, also of its runbook
  /// @param atMillis wall-clock time
  record Event(String id, long atMillis) {}

  /// Reads the JSON: an array of notices, or an object with one called `events`.
  static List<Event> parse(String json) {
    JsonElement root = JsonParser.parseString(json);
    JsonArray array =
        root.isJsonArray()
            ? root.getAsJsonArray()
            : root.getAsJsonObject().getAsJsonArray("events");
    List<Event> events = new ArrayList<>();
    for (JsonElement each : array) {
      JsonObject notice = each.getAsJsonObject();
      events.add(new Event(notice.get("id").getAsString(), notice.get("atMillis").getAsLong()));
    }
    return events;
  }
}
