package io.trivet.bench;

import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.Element;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What the benchmarks plan.
final class Inputs {
  /// Where the recorded decisions are, by system property or beside the repository.
  private static final String PROPERTY = "trivet.conformance";

  record Input(Element cib, long now) {}

  private Inputs() {}

  static Input read(String name) {
    String what = name.substring(name.indexOf(':') + 1);
    if (name.startsWith("generated:")) {
      String[] sizes = what.split("x");
      return new Input(
          GeneratedCluster.cib(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1])),
          1_700_000_000L);
    }
    Path file = recorded().resolve("xml").resolve(what + ".xml");
    try {
      Element cib = CibReader.read(file.toString(), Files.readString(file));
      return new Input(cib, Long.parseLong(cib.get("execution-date", "1700000000")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The names of the recorded decisions, `recorded:NAME`; empty where they are not at hand.
  static List<String> recordedNames() {
    Path xml = recorded().resolve("xml");
    if (!Files.isDirectory(xml)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(xml)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".xml"))
          .map(f -> "recorded:" + f.substring(0, f.length() - ".xml".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path recorded() {
    String given = System.getProperty(PROPERTY);
    return given != null
        ? Path.of(given)
        : Path.of("../shared/conformance/pacemaker-scheduler").toAbsolutePath().normalize();
  }
}
