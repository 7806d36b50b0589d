package io.trivet.scheduler.fuzz;

import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.importing.CibImport;
import io.trivet.scheduler.simulate.PacemakerText;
import io.trivet.scheduler.simulate.PacemakerText.Now;
import io.trivet.scheduler.simulate.PacemakerText.WhatIf;
import io.trivet.scheduler.story.StoryText;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Changes CIBs at random and plans with them: what comes of it is a plan or one [CibException].
///
/// ```
/// Fuzz FOLDER FIRST_SEED SEEDS     all files of the folder with each of these seeds
/// Fuzz FILE SEED                   one, with its stack trace, and the CIB to standard output
/// ```
public final class Fuzz {
  /// Seconds after which it counts as a hang; no recorded CIB takes one.
  private static final long MOST_SECONDS = 20;

  private static long plans;
  private static long refusals;

  private Fuzz() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path path = Path.of(arguments[0]);
    long first = Long.parseLong(arguments[1]);
    if (Files.isRegularFile(path)) {
      out.println(mutated(path, first));
      String came = attempt(path, first);
      System.err.println(came == null ? "ok" : came);
      return;
    }
    Map<String, List<String>> failures = new LinkedHashMap<>();
    for (long seed = first; seed < first + Long.parseLong(arguments[2]); seed++) {
      for (Path file : files(path)) {
        long begin = System.nanoTime();
        String came = attempt(file, seed);
        long seconds = (System.nanoTime() - begin) / 1_000_000_000;
        if (seconds >= MOST_SECONDS) {
          came = "took " + seconds + " s";
        }
        if (came != null) {
          failures
              .computeIfAbsent(came, f -> new ArrayList<>())
              .add(file.getFileName() + " " + seed);
        }
      }
    }
    failures.forEach(
        (what, where) -> out.println(where.size() + " x " + what + "\n    " + where.getFirst()));
    out.println(
        plans + " plans, " + refusals + " refusals, " + failures.size() + " kinds of failure");
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".xml")).sorted().toList();
    }
  }

  static String mutated(Path file, long seed) {
    try {
      Element cib = CibReader.read(file.toString(), Files.readAllBytes(file));
      return Mutation.of(cib, seed * 1_000_003 + String.valueOf(file.getFileName()).hashCode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Plans with the changed CIB.
  ///
  /// @return what went wrong, and where; null where all is as it should be
  @SuppressWarnings("CatchAndPrintStackTrace") // Whatever comes of it is what is looked for.
  static @org.jspecify.annotations.Nullable String attempt(Path file, long seed) {
    String xml = mutated(file, seed);
    try {
      Element cib = CibReader.read("fuzz.xml", xml);
      Now now = Now.of(cib, null, null, 1_785_499_200L);
      PacemakerText.Story story = PacemakerText.of(cib, now, true, WhatIf.NOTHING);
      StoryText.of(story, now.seconds());
      CibImport.of(cib, new LinkedHashMap<>(), now.seconds());
      plans++;
      return null;
    } catch (CibException e) {
      refusals++;
      return null;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return e + place(e);
    }
  }

  private static String place(Throwable thrown) {
    StringBuilder place = new StringBuilder();
    int shown = 0;
    for (StackTraceElement element : thrown.getStackTrace()) {
      if (element.getClassName().startsWith("io.trivet") && shown++ < 5) {
        place.append("\n      at ").append(element);
      }
    }
    return place.toString();
  }
}
