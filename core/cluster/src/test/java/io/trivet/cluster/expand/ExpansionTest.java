package io.trivet.cluster.expand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expansions as text, `src/test/resources/expand/NAME.txt`, of files that are examples or cases of
/// the reader. With `-Dtrivet.rewrite=true` the text is written anew, to be read by a person before
/// it is committed.
final class ExpansionTest {
  private static final String FULL = "src/test/resources/cluster-file/full.yaml";

  @ParameterizedTest
  @CsvSource({
    "example, ../../docs/examples/cluster.yaml",
    "minimal, src/test/resources/cluster-file/minimal.yaml",
    "full, src/test/resources/cluster-file/full.yaml",
  })
  void isWhatAPersonWouldExpect(String name, String file) throws IOException {
    String text = ConfigurationText.of(expanded(file));
    Path expected = Path.of("src/test/resources/expand/" + name + ".txt");
    if (Boolean.getBoolean("trivet.rewrite")) {
      Files.writeString(expected, text);
    }
    assertEquals(Files.readString(expected), text);
  }

  private static Configuration expanded(String file) throws IOException {
    Reading reading = ClusterFileReader.read(file, Files.readAllBytes(Path.of(file)));
    return Expansion.of(assertInstanceOf(Reading.Accepted.class, reading).file());
  }

  @Test
  void everythingHasAReason() throws IOException {
    Configuration configuration = expanded(FULL);
    assertTrue(configuration.primitives().stream().noneMatch(p -> p.reason().isBlank()));
    assertTrue(configuration.resources().stream().noneMatch(r -> r.reason().isBlank()));
    assertTrue(configuration.constraints().stream().noneMatch(c -> c.reason().isBlank()));
    assertTrue(configuration.properties().stream().noneMatch(p -> p.reason().isBlank()));
  }

  @Test
  void findsWhatConstraintsSpeakOf() throws IOException {
    Configuration configuration = expanded(FULL);
    assertEquals("galera-clone", id(configuration.outermost("galera")));
    assertEquals("backup", id(configuration.outermost("cinder-backup-agent")));
    assertNull(configuration.outermost("nothing"));
    assertEquals(
        List.of("public", "internal"), configuration.vips().stream().map(Resource::id).toList());
    assertNotNull(configuration.primitive("haproxy-host"));
  }

  private static String id(@Nullable Resource resource) {
    return resource == null ? "none" : resource.id();
  }

  @Test
  void refusesWhatCannotBeAConfiguration() {
    Resource.Primitive one =
        new Resource.Primitive("one", Agent.systemd("one"), new TreeMap<>(), new TreeMap<>(), "x");
    Constraint.Location stray =
        new Constraint.Location("l", "two", Role.STARTED, "c1", Score.NEVER, "x");
    assertThrows(
        IllegalArgumentException.class,
        () -> new Configuration("c", List.of(), List.of(), List.of(one, one), List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Configuration("c", List.of(), List.of(), List.of(one), List.of(stray)));
    assertThrows(IllegalArgumentException.class, () -> new Resource.Group("g", List.of(), "test"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Resource.Clone("c", one, 0, 0, true, false, "test"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Resource.Clone("c", one, 2, 3, true, false, "test"));
  }

  @Test
  void scoresAddAsInPacemaker() {
    assertEquals(Score.NEVER, Score.INFINITY.plus(Score.NEVER));
    assertEquals(Score.INFINITY, new Score(-5).plus(Score.INFINITY));
    assertEquals(Score.INFINITY, new Score(999_999).plus(new Score(2)));
    assertEquals(Score.NEVER, new Score(-999_999).plus(new Score(-2)));
    assertEquals(new Score(5), new Score(2).plus(new Score(3)));
    assertThrows(IllegalArgumentException.class, () -> new Score(1_000_001));
  }
}
