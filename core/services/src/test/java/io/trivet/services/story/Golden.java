package io.trivet.services.story;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Texts under test resources that generated texts must equal, and recorded output of real tools.
public final class Golden {
  private static final String ROOT = "/io/trivet/services/";

  private Golden() {}

  /// Compares, or writes the new text with `-Dstories=write`.
  public static void check(String path, String actual) {
    if ("write".equals(System.getProperty("stories"))) {
      try {
        Files.writeString(Path.of("src/test/resources" + ROOT + path), actual);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return;
    }
    assertEquals(read(path), actual);
  }

  public static String read(String path) {
    try (InputStream in = Golden.class.getResourceAsStream(ROOT + path)) {
      if (in == null) {
        throw new IllegalArgumentException("no such test resource: " + ROOT + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
