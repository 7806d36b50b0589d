package io.trivet.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/// A change of one of our files that a simulated world must notice.
///
/// @param module folder of the module
/// @param type path of the file in the module's packages `io.trivet…`, without `.java`
/// @param seed of a world that breaks a law with it, and none without
/// @param from stands in the file once
/// @param to stands there instead
public record Mutation(String name, String module, String type, long seed, String from, String to) {
  /// Those of a file of this package: `== NAME`, `file MODULE TYPE`, `seed N`, `- FROM`, `+ TO`.
  public static List<Mutation> all(String file) {
    List<Mutation> mutations = new ArrayList<>();
    List<String> lines = LawsTest.lines(file);
    for (int i = 0; i + 4 < lines.size(); i += 5) {
      String[] where = lines.get(i + 1).split(" ");
      mutations.add(
          new Mutation(
              lines.get(i).substring(3),
              where[1],
              where[2],
              Long.parseLong(lines.get(i + 2).substring(5)),
              lines.get(i + 3).substring(2),
              lines.get(i + 4).substring(2)));
    }
    assertTrue(!mutations.isEmpty() && lines.size() % 5 == 0, file + " is not as it should be");
    return mutations;
  }

  /// All classes of ours beside each other, the changed one among them.
  public URLClassLoader compiled(Path work) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("core/cluster/pom.xml"))) {
      root = root.getParent();
    }
    String path = "io/trivet/" + type + ".java";
    Path file = root.resolve(module).resolve("src/main/java").resolve(path);
    String text = Files.readString(file);
    int at = text.indexOf(from);
    assertTrue(at >= 0 && text.indexOf(from, at + 1) < 0, from + " is not once in " + file);
    Path folder = Files.createTempDirectory(work, "mutation");
    Path source = folder.resolve(file.getFileName());
    Files.writeString(source, text.substring(0, at) + to + text.substring(at + from.length()));
    String classes = System.getProperty("java.class.path");
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-nowarn",
                "-proc:none",
                "-cp",
                classes,
                "-d",
                folder.toString(),
                source.toString());
    assertEquals(0, result, "the mutation does not compile");
    // The mutated class comes first; all else is loaded again beside it.
    List<URL> urls = new ArrayList<>();
    urls.add(folder.toUri().toURL());
    for (String entry : classes.split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
