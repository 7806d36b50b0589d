package io.trivet.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The simulator bites: each mutation of `mutations.txt` is compiled and must break a law in the
/// world of its seed, which is a good world without it.
class MutationsTest {
  /// How many seeds are tried when the pinned one no longer catches the mutation.
  private static final int SEARCH = 20_000;

  private record Mutation(
      String name, String module, String type, long seed, String from, String to) {}

  @TempDir private Path work;

  @TestFactory
  List<DynamicTest> eachMutationIsCaught() {
    return read().stream().map(m -> DynamicTest.dynamicTest(m.name, () -> isCaught(m))).toList();
  }

  private void isCaught(Mutation mutation) throws Exception {
    assertEquals(
        null, World.run(Plan.of(mutation.seed), false).violation(), "without the mutation");
    try (URLClassLoader mutated = compile(mutation)) {
      if (violation(mutated, mutation.seed) != null) {
        return;
      }
      for (long seed = 1; seed <= SEARCH; seed++) {
        if (violation(mutated, seed) != null) {
          System.out.println(
              "sim: " + mutation.name + ": seed " + seed + " catches it, write that one down");
          return;
        }
      }
    }
    fail("no seed up to " + SEARCH + " catches it");
  }

  private URLClassLoader compile(Mutation mutation) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("core/cluster/pom.xml"))) {
      root = root.getParent();
    }
    String name =
        mutation.module.equals("core/cluster") ? "io.trivet.cluster.lease" : "io.trivet.sim";
    Path file =
        root.resolve(mutation.module)
            .resolve("src/main/java")
            .resolve(name.replace('.', '/'))
            .resolve(mutation.type + ".java");
    String text = Files.readString(file);
    int at = text.indexOf(mutation.from);
    assertTrue(
        at >= 0 && text.indexOf(mutation.from, at + 1) < 0,
        mutation.from + " is not once in " + file);
    Path folder = Files.createTempDirectory(work, "mutation");
    Path source = folder.resolve(mutation.type + ".java");
    Files.writeString(
        source, text.substring(0, at) + mutation.to + text.substring(at + mutation.from.length()));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-nowarn",
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertEquals(0, result, "the mutation does not compile");
    // The mutated class comes first; all else of ours is loaded again beside it.
    List<URL> urls = new ArrayList<>();
    urls.add(folder.toUri().toURL());
    urls.add(World.class.getProtectionDomain().getCodeSource().getLocation());
    urls.add(
        io.trivet.cluster.lease.LeaseMachine.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation());
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static @Nullable Object violation(ClassLoader loader, long seed) throws Exception {
    Class<?> plans = loader.loadClass(Plan.class.getName());
    Object plan = plans.getMethod("of", long.class).invoke(null, seed);
    Method run = loader.loadClass(World.class.getName()).getMethod("run", plans, boolean.class);
    Object outcome = run.invoke(null, plan, false);
    return outcome.getClass().getMethod("violation").invoke(outcome);
  }

  private static List<Mutation> read() {
    List<Mutation> mutations = new ArrayList<>();
    List<String> lines = LawsTest.lines("mutations.txt");
    for (int i = 0; i + 4 < lines.size(); i += 5) {
      String[] file = lines.get(i + 1).split(" ");
      mutations.add(
          new Mutation(
              lines.get(i).substring(3),
              file[1],
              file[2],
              Long.parseLong(lines.get(i + 2).substring(5)),
              lines.get(i + 3).substring(2),
              lines.get(i + 4).substring(2)));
    }
    assertTrue(mutations.size() >= 8, "mutations are missing");
    return mutations;
  }
}
