package io.trivet.daemon.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.Strictness;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Records to JSON and back. Members that are null are left out; numbers stay exact; sealed
/// families carry their record's name as `type` (see [SealedTypes]).
public final class Json {
  private static final Gson GSON =
      new GsonBuilder()
          .registerTypeAdapterFactory(new SealedTypes())
          .setStrictness(Strictness.STRICT)
          .disableHtmlEscaping()
          .create();

  private Json() {}

  public static String text(Object value, Class<?> declaredType) {
    return GSON.toJson(value, declaredType);
  }

  public static byte[] bytes(Object value, Class<?> declaredType) {
    return text(value, declaredType).getBytes(StandardCharsets.UTF_8);
  }

  /// @throws BadJson when the text is not JSON, or not what the type asks for
  public static <T> T read(String text, Class<T> type) throws BadJson {
    try {
      T value = GSON.fromJson(text, type);
      if (value == null) {
        throw new BadJson("an empty text where a " + type.getSimpleName() + " is expected", null);
      }
      return value;
    } catch (RuntimeException e) {
      // Gson wraps what a record's constructor throws in bare RuntimeExceptions; all of them mean a
      // bad text.
      throw new BadJson("not a " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  /// @throws BadJson when the bytes are not UTF-8, not JSON, or not what the type asks for
  public static <T> T read(byte[] bytes, Class<T> type) throws BadJson {
    try {
      return read(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), type);
    } catch (CharacterCodingException e) {
      throw new BadJson("not UTF-8 where a " + type.getSimpleName() + " is expected", e);
    }
  }
}
