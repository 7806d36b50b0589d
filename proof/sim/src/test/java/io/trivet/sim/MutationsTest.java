package io.trivet.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The simulator bites: each mutation of `mutations.txt` is compiled and must break a law in the
/// world of its seed, which is a good world without it.
class MutationsTest {
  /// How many seeds are tried when the pinned one no longer catches the mutation.
  private static final int SEARCH = 20_000;

  @TempDir private Path work;

  @TestFactory
  List<DynamicTest> eachMutationIsCaught() {
    return Mutation.all("mutations.txt").stream()
        .map(m -> DynamicTest.dynamicTest(m.name(), () -> isCaught(m)))
        .toList();
  }

  private void isCaught(Mutation mutation) throws Exception {
    assertEquals(
        null, World.run(Plan.of(mutation.seed()), false).violation(), "without the mutation");
    try (URLClassLoader mutated = mutation.compiled(work)) {
      if (violation(mutated, mutation.seed()) != null) {
        return;
      }
      for (long seed = 1; seed <= SEARCH; seed++) {
        if (violation(mutated, seed) != null) {
          System.out.println(
              "sim: " + mutation.name() + ": seed " + seed + " catches it, write that one down");
          return;
        }
      }
    }
    fail("no seed up to " + SEARCH + " catches it");
  }

  private static @Nullable Object violation(ClassLoader loader, long seed) throws Exception {
    Class<?> plans = loader.loadClass(Plan.class.getName());
    Object plan = plans.getMethod("of", long.class).invoke(null, seed);
    Method run = loader.loadClass(World.class.getName()).getMethod("run", plans, boolean.class);
    Object outcome = run.invoke(null, plan, false);
    return outcome.getClass().getMethod("violation").invoke(outcome);
  }
}
