package io.trivet.bench;

import io.trivet.scheduler.cib.CibWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// `recorded`, `generated`, `processes`, or `all`: see docs/scheduler.md.
public final class Main {
  private static final List<String> SIZES = List.of("4x100", "8x400", "16x1000", "32x2000");
  private static final double PERCENTILE = 99.0;

  private Main() {}

  /// @param arguments what to measure; with `processes`, the trivet command comes next
  public static void main(String[] arguments) throws Exception {
    List<String> wanted = List.of(arguments);
    boolean all = wanted.isEmpty() || wanted.contains("all");
    if (all || wanted.contains("recorded")) {
      recorded();
    }
    if (all || wanted.contains("generated")) {
      generated();
    }
    if (all || wanted.contains("processes")) {
      processes();
    }
  }

  private static void recorded() throws RunnerException {
    List<String> names = Inputs.recordedNames();
    if (names.isEmpty()) {
      System.out.println("Skipped: the recorded decisions are not beside the repository.");
      return;
    }
    System.out.println(names.size() + " recorded decisions, each planned for 0.4 s, warm:");
    List<RunResult> results = new ArrayList<>(run(names, 200));
    results.sort(Comparator.comparingDouble(Main::p99).reversed());
    System.out.printf(Locale.ROOT, "%-50s %10s %10s%n", "slowest", "p50 ms", "p99 ms");
    for (RunResult result : results.subList(0, Math.min(10, results.size()))) {
      print(result);
    }
    long over = results.stream().filter(r -> p99(r) > 20).count();
    System.out.println(over + " of " + results.size() + " have a p99 above 20 ms.");
  }

  private static void generated() throws RunnerException {
    System.out.println("Generated clusters, nodes x resources, all stopped, warm:");
    System.out.printf(Locale.ROOT, "%-50s %10s %10s%n", "size", "p50 ms", "p99 ms");
    run(SIZES.stream().map(s -> "generated:" + s).toList(), 3_000).forEach(Main::print);
  }

  private static Collection<RunResult> run(List<String> inputs, long millis)
      throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include(PlanBenchmark.class.getSimpleName())
            .param("input", inputs.toArray(String[]::new))
            // In this process: what is measured is a daemon that has planned before.
            .forks(0)
            .warmupIterations(2)
            .warmupTime(TimeValue.milliseconds(millis))
            .measurementIterations(2)
            .measurementTime(TimeValue.milliseconds(millis))
            .verbosity(VerboseMode.SILENT)
            .build();
    return new Runner(options).run();
  }

  private static void print(RunResult result) {
    System.out.printf(
        Locale.ROOT,
        "%-50s %10.2f %10.2f%n",
        result.getParams().getParam("input"),
        result.getPrimaryResult().getStatistics().getPercentile(50.0),
        p99(result));
  }

  private static double p99(RunResult result) {
    return result.getPrimaryResult().getStatistics().getPercentile(PERCENTILE);
  }

  private static void processes() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("trivet-bench");
    try {
      List<Path> files = new ArrayList<>();
      for (String size : SIZES) {
        String[] sizes = size.split("x");
        Path file = folder.resolve(size + ".xml");
        Files.writeString(
            file,
            CibWriter.write(
                GeneratedCluster.cib(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]))));
        files.add(file);
      }
      new SideBySide(System.out).run(files);
    } finally {
      try (var left = Files.list(folder)) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
