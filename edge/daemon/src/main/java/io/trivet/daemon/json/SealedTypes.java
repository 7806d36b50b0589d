package io.trivet.daemon.json;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes a value of a sealed interface as its record with one more member, `type`: the simple name
/// of the record. Reading an unknown `type` is refused with the names that are known, so that a
/// daemon never guesses.
final class SealedTypes implements TypeAdapterFactory {
  private static final String TYPE = "type";

  @Override
  public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
    Class<? super T> raw = type.getRawType();
    if (!raw.isInterface() || !raw.isSealed()) {
      return null;
    }
    Map<String, TypeAdapter<?>> byName = new TreeMap<>();
    collect(gson, raw, byName);
    TypeAdapter<JsonElement> elements = gson.getAdapter(JsonElement.class);
    return new TypeAdapter<T>() {
      @Override
      public void write(JsonWriter out, T value) throws IOException {
        String name = value.getClass().getSimpleName();
        JsonObject object = new JsonObject();
        object.addProperty(TYPE, name);
        JsonObject members = tree(byName.get(name), value).getAsJsonObject();
        members.entrySet().forEach(e -> object.add(e.getKey(), e.getValue()));
        elements.write(out, object);
      }

      @Override
      @SuppressWarnings("unchecked") // every adapter in byName reads a subtype of T
      public T read(JsonReader in) throws IOException {
        JsonElement element = elements.read(in);
        if (!element.isJsonObject() || !element.getAsJsonObject().has(TYPE)) {
          throw new JsonParseException(
              "a " + raw.getSimpleName() + " needs the member \"" + TYPE + "\"");
        }
        String name = element.getAsJsonObject().get(TYPE).getAsString();
        TypeAdapter<?> adapter = byName.get(name);
        if (adapter == null) {
          throw new JsonParseException(
              "unknown " + raw.getSimpleName() + " \"" + name + "\"; known are " + byName.keySet());
        }
        return (T) adapter.fromJsonTree(element);
      }
    };
  }

  private void collect(Gson gson, Class<?> sealed, Map<String, TypeAdapter<?>> byName) {
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      if (permitted.isInterface()) {
        collect(gson, permitted, byName);
      } else {
        byName.put(
            permitted.getSimpleName(), gson.getDelegateAdapter(this, TypeToken.get(permitted)));
      }
    }
  }

  @SuppressWarnings("unchecked") // the adapter was looked up by the value's own class
  private static <T> JsonElement tree(@Nullable TypeAdapter<?> adapter, T value) {
    if (adapter == null) {
      throw new JsonParseException("no adapter for " + value.getClass());
    }
    return ((TypeAdapter<T>) adapter).toJsonTree(value);
  }
}
