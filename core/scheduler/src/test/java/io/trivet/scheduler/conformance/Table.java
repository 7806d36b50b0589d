package io.trivet.scheduler.conformance;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Runs the recorded decisions and prints how many are the same, part by part.
///
/// ```
/// Table                      the table, and the most frequent errors
/// Table --differing PART     names of the cases that differ in that part
/// Table --case NAME [PART…]  what differs in that case
/// Table --passing            a line for each case with the parts that are the same
/// ```
public final class Table {
  private static final int ERRORS_SHOWN = 25;

  private Table() {}

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path folder = Case.folder();
    if (folder == null) {
      out.println("No recorded cases here: name their folder with -D" + Case.PROPERTY + "=FOLDER");
      System.exit(2);
      return;
    }
    List<String> words = Arrays.asList(arguments);
    if (words.size() > 1 && words.getFirst().equals("--case")) {
      oneCase(folder, words.get(1), words.subList(2, words.size()), out);
      return;
    }
    List<Outcome> outcomes = run(Case.all(folder));
    if (words.size() == 2 && words.getFirst().equals("--differing")) {
      Part part = Part.valueOf(words.get(1).toUpperCase(Locale.ROOT));
      outcomes.stream()
          .filter(o -> !o.same.contains(part))
          .forEach(o -> out.println(o.of.name() + (o.error == null ? "" : "\t" + o.error)));
    } else if (words.contains("--passing")) {
      outcomes.forEach(o -> out.println(passing(o)));
    } else {
      print(outcomes, out);
    }
  }

  static List<Outcome> run(List<Case> cases) {
    return cases.stream().map(Comparison::of).toList();
  }

  /// The name of the case, and the parts that are the same.
  static String passing(Outcome outcome) {
    return outcome.of.name()
        + "\t"
        + String.join(",", outcome.same.stream().map(Part::label).toList());
  }

  private static void print(List<Outcome> outcomes, PrintStream out) {
    out.printf(Locale.ROOT, "%-10s %7s %7s %8s%n", "part", "same", "of", "%");
    for (Part part : Part.values()) {
      long same = outcomes.stream().filter(o -> o.same.contains(part)).count();
      out.printf(
          Locale.ROOT,
          "%-10s %7d %7d %8.1f%n",
          part.label(),
          same,
          outcomes.size(),
          100.0 * same / outcomes.size());
    }
    Map<String, List<String>> errors = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      if (outcome.error != null) {
        errors.computeIfAbsent(place(outcome.error), e -> new ArrayList<>()).add(outcome.of.name());
      }
    }
    errors.entrySet().stream()
        .sorted((a, b) -> Integer.compare(b.getValue().size(), a.getValue().size()))
        .limit(ERRORS_SHOWN)
        .forEach(
            e ->
                out.printf(
                    Locale.ROOT,
                    "%5d errors: %s (%s)%n",
                    e.getValue().size(),
                    e.getKey(),
                    e.getValue().getFirst()));
  }

  private static String place(Throwable error) {
    StackTraceElement[] trace = error.getStackTrace();
    String message = error.getMessage();
    String head =
        message == null ? "" : ": " + message.substring(0, Math.min(80, message.length()));
    return error.getClass().getSimpleName()
        + (error instanceof UnsupportedOperationException ? "" : head)
        + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  private static void oneCase(Path folder, String name, List<String> parts, PrintStream out) {
    Outcome outcome =
        Case.all(folder).stream()
            .filter(c -> c.name().equals(name))
            .map(Comparison::of)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("No case " + name));
    for (Map.Entry<Part, Outcome.Texts> entry : outcome.texts.entrySet()) {
      Part part = entry.getKey();
      boolean asked = parts.isEmpty() || parts.contains(part.label());
      if (asked && !outcome.same.contains(part)) {
        out.println("== " + part.label());
        out.print(Diff.of(entry.getValue().wanted(), entry.getValue().found()));
      }
    }
    if (outcome.error != null) {
      outcome.error.printStackTrace(out);
    }
  }
}
