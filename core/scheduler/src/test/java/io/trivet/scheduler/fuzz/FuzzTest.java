package io.trivet.scheduler.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.trivet.scheduler.conformance.Case;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// Changed CIBs end in a plan or in one [io.trivet.scheduler.cib.CibException], and soon.
/// `-Dtrivet.fuzz.seeds=100` changes each one in so many ways.
class FuzzTest {
  private static final Path OWN = Path.of("src/test/resources/cib");

  private static void plan(List<Path> files, int seeds) {
    for (Path file : files) {
      for (int seed = 0; seed < seeds; seed++) {
        int number = seed;
        String what = file.getFileName() + " with seed " + seed;
        String came =
            assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> Fuzz.attempt(file, number), what);
        assertEquals(null, came, what);
      }
    }
  }

  @Test
  void ownCibs() throws IOException {
    plan(Fuzz.files(OWN), Integer.getInteger("trivet.fuzz.seeds", 200));
  }

  @Test
  @EnabledIf("recorded")
  void recordedCibs() throws IOException {
    Path folder = Case.folder();
    if (folder != null) {
      plan(Fuzz.files(folder.resolve("xml")), Integer.getInteger("trivet.fuzz.seeds", 1));
    }
  }

  static boolean recorded() {
    return Case.folder() != null;
  }

  @Test
  void theSameSeedMakesTheSameChange() throws IOException {
    Path file = Fuzz.files(OWN).getFirst();
    assertEquals(Fuzz.mutated(file, 1), Fuzz.mutated(file, 1));
    assertNotEquals(Fuzz.mutated(file, 1), Fuzz.mutated(file, 2));
  }
}
