package io.trivet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What the daemon says, `src/test/resources/status/NAME.json`, and what a person reads,
/// `NAME.txt`. With `-Dtrivet.rewrite=true` the second is written anew, to be read by a person
/// before it is committed.
final class StatusTextTest {
  private static final Path CASES = Path.of("src/test/resources/status");
  private static final long NOW_MILLIS = 1_800_000_000_000L;

  @TestFactory
  Stream<DynamicTest> readsAsAnOperatorNeedsIt() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files.filter(f -> f.toString().endsWith(".json")).sorted().toList().stream()
          .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
    }
  }

  private static void check(Path file) throws IOException {
    String text = text(file, new Paint(false));
    Path expected = CASES.resolve(file.getFileName().toString().replace(".json", ".txt"));
    if (Boolean.getBoolean("trivet.rewrite")) {
      Files.writeString(expected, text);
    }
    assertEquals(Files.readString(expected), text);
    assertEquals(text, text(file, new Paint(true)).replaceAll("\033\\[[0-9;]*m", ""));
    assertTrue(text.lines().allMatch(l -> l.equals(l.stripTrailing())));
  }

  private static String text(Path file, Paint paint) throws IOException {
    Status status = Status.of(JsonParser.parseString(Files.readString(file)).getAsJsonObject());
    return StatusText.of(status, paint, NOW_MILLIS);
  }

  @Test
  void anAnswerOfAnotherVersionDoesNotBreakIt() {
    String text =
        StatusText.of(
            Status.of(
                JsonParser.parseString(
                        "{\"controllers\":[{}],\"vips\":[{\"holder\":7}],\"services\":[{\"nodes\":[{}]}],\"problems\":[{}],\"new\":1}")
                    .getAsJsonObject()),
            new Paint(false),
            NOW_MILLIS);
    assertFalse(text.isEmpty());
  }

  @Test
  void spansAreSaidAsPeopleSayThem() {
    assertEquals("0.4 s", Span.of(450));
    assertEquals("0 s", Span.of(-5));
    assertEquals("3 s", Span.of(3_000));
    assertEquals("42 s", Span.of(42_900));
    assertEquals("3 min", Span.of(185_000));
    assertEquals("2 h 5 min", Span.of(7_500_000));
    assertEquals("4 d", Span.of(4L * 86_400_000));
  }
}
