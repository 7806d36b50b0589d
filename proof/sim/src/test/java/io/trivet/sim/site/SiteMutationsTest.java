package io.trivet.sim.site;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import io.trivet.sim.Law;
import io.trivet.sim.Mutation;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The worlds of whole controllers bite: each mutation of `site-mutations.txt` must break law 3 in
/// the world of its seed, which is a good world without it.
class SiteMutationsTest {
  /// How many seeds are tried when the pinned one no longer catches the mutation.
  private static final int SEARCH = 400;

  @TempDir private Path work;

  @TestFactory
  List<DynamicTest> eachMutationIsCaught() {
    return Mutation.all("site-mutations.txt").stream()
        .map(m -> DynamicTest.dynamicTest(m.name(), () -> isCaught(m)))
        .toList();
  }

  private void isCaught(Mutation mutation) throws Exception {
    assertNull(SiteRun.violation(mutation.seed()), "without the mutation");
    try (URLClassLoader mutated = mutation.compiled(work)) {
      if (catches(mutated, mutation.seed())) {
        return;
      }
      for (long seed = 1; seed <= SEARCH; seed++) {
        if (catches(mutated, seed)) {
          System.out.println(
              "sim: " + mutation.name() + ": seed " + seed + " catches it, write that one down");
          return;
        }
      }
    }
    fail("no seed up to " + SEARCH + " catches it");
  }

  private static boolean catches(ClassLoader loader, long seed) throws Exception {
    @Nullable Object violation =
        loader
            .loadClass(SiteRun.class.getName())
            .getMethod("violation", long.class)
            .invoke(null, seed);
    return violation != null && violation.toString().startsWith(Law.ONE_RUNNER.broken(""));
  }
}
