package io.trivet.lab.node;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Optional;

/// What `trivet events --json` says, as far as the lab needs it.
final class Timeline {
  private Timeline() {}

  /// Something that Trivet told.
  ///
  /// @param id the notice's name, also of its runbook
  /// @param atMillis wall-clock time
  /// @param node the controller that it is about; empty when it is about none
  /// @param text the sentence
  record Event(String id, long atMillis, String node, String text) {}

  /// Reads the JSON: one event a line. A line that is none is left out.
  static List<Event> parse(String json) {
    return json.lines().flatMap(line -> event(line).stream()).toList();
  }

  private static Optional<Event> event(String line) {
    try {
      JsonElement notice = JsonParser.parseString(line);
      if (!notice.isJsonObject()) {
        return Optional.empty();
      }
      JsonElement id = notice.getAsJsonObject().get("id");
      JsonElement atMillis = notice.getAsJsonObject().get("atMillis");
      JsonElement node = notice.getAsJsonObject().get("node");
      JsonElement text = notice.getAsJsonObject().get("text");
      return id == null || atMillis == null
          ? Optional.empty()
          : Optional.of(
              new Event(
                  id.getAsString(),
                  atMillis.getAsLong(),
                  node == null ? "" : node.getAsString(),
                  text == null ? "" : text.getAsString()));
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }
}
