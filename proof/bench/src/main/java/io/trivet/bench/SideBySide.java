package io.trivet.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Whole processes in turn on the same files: `trivet simulate`, and `crm_simulate` where Debian's
/// pacemaker-cli-utils is installed. The environment variable TRIVET names the trivet command.
final class SideBySide {
  private static final int RUNS = 3;
  private static final long MOST_SECONDS = 200;

  /// After a run that took longer than that, the yardstick is not run for larger sizes.
  private static final double ENOUGH_SECONDS = 20;

  private final PrintStream out;

  SideBySide(PrintStream out) {
    this.out = out;
  }

  void run(List<Path> files) throws IOException, InterruptedException {
    String trivet = System.getenv().getOrDefault("TRIVET", "trivet");
    boolean yardstick = seconds(List.of("crm_simulate", "--version")) >= 0;
    out.println("Whole processes, median of " + RUNS + " runs, the two in turn, seconds:");
    out.printf(
        Locale.ROOT,
        "%-12s %18s %18s %18s %18s%n",
        "size",
        "trivet plan",
        "crm_simulate -G",
        "trivet simulate",
        "crm_simulate -S");
    boolean graphs = yardstick;
    boolean executions = yardstick;
    for (Path file : files) {
      String name = file.getFileName().toString().replace(".xml", "");
      String path = file.toString();
      List<String> plan = List.of(trivet, "simulate", "--graph", path);
      List<String> simulate = List.of(trivet, "simulate", "--format", "pacemaker", path);
      List<String> graph = List.of("crm_simulate", "-x", path, "-G", "/dev/null", "-Q");
      List<String> execute = List.of("crm_simulate", "-x", path, "-S");
      double[] first = inTurn(plan, graphs ? graph : List.of());
      double[] second = inTurn(simulate, executions ? execute : List.of());
      graphs &= first[1] < ENOUGH_SECONDS;
      executions &= second[1] < ENOUGH_SECONDS;
      out.printf(
          Locale.ROOT,
          "%-12s %18s %18s %18s %18s%n",
          name,
          text(first[0]),
          text(first[1]),
          text(second[0]),
          text(second[1]));
    }
    if (yardstick && !executions) {
      out.println(
          "- where crm_simulate was not run, as the size before took more than "
              + (int) ENOUGH_SECONDS
              + " s.");
    }
    if (!yardstick) {
      out.println("crm_simulate is not installed (Debian's pacemaker-cli-utils): not compared.");
    }
  }

  private double[] inTurn(List<String> ours, List<String> theirs)
      throws IOException, InterruptedException {
    List<Double> a = new ArrayList<>();
    List<Double> b = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      a.add(seconds(ours));
      // One run that takes too long is enough to know.
      if (!theirs.isEmpty() && (b.isEmpty() || b.getLast() < ENOUGH_SECONDS)) {
        b.add(seconds(theirs));
      }
    }
    return new double[] {median(a), median(b)};
  }

  private static double median(List<Double> seconds) {
    return seconds.isEmpty() ? -1 : seconds.stream().sorted().toList().get(seconds.size() / 2);
  }

  private static String text(double seconds) {
    if (seconds < 0) {
      return "-";
    }
    return seconds >= MOST_SECONDS
        ? "over " + MOST_SECONDS
        : String.format(Locale.ROOT, "%.2f", seconds);
  }

  /// How long the command took; negative where it cannot be run, or failed.
  private static double seconds(List<String> command) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return -1;
    }
    process.getOutputStream().close();
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return MOST_SECONDS;
    }
    return process.exitValue() == 0 ? (System.nanoTime() - began) / 1e9 : -1;
  }
}
