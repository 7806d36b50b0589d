package io.trivet.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes members out of a JSON object that another version of Trivet may have written: what is
/// missing, or is not what it should be, has a default.
final class Json {
  private Json() {}

  static String text(JsonObject object, String name, String fallback) {
    String text = textOrNull(object, name);
    return text == null ? fallback : text;
  }

  static @Nullable String textOrNull(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : null;
  }

  static boolean flag(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value != null
        && value.isJsonPrimitive()
        && value.getAsJsonPrimitive().isBoolean()
        && value.getAsBoolean();
  }

  static long number(JsonObject object, String name, long fallback) {
    JsonElement value = object.get(name);
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()
        ? value.getAsLong()
        : fallback;
  }

  static List<JsonObject> objects(JsonObject object, String name) {
    List<JsonObject> objects = new ArrayList<>();
    if (object.get(name) != null && object.get(name).isJsonArray()) {
      for (JsonElement element : object.getAsJsonArray(name)) {
        if (element.isJsonObject()) {
          objects.add(element.getAsJsonObject());
        }
      }
    }
    return objects;
  }

  static List<String> texts(JsonObject object, String name) {
    List<String> texts = new ArrayList<>();
    if (object.get(name) != null && object.get(name).isJsonArray()) {
      for (JsonElement element : object.getAsJsonArray(name)) {
        if (element.isJsonPrimitive()) {
          texts.add(element.getAsString());
        }
      }
    }
    return texts;
  }
}
