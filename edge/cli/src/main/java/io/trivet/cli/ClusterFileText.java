package io.trivet.cli;

import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Problem;
import io.trivet.cluster.file.Reading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A cluster file as commands take it: read, checked, and its problems told with the line that they
/// are in.
///
/// @param name the file's name as it was given
/// @param text what is in it; with replacement characters where it is not UTF-8, and then it is
///   refused
/// @param reading what came of reading it
record ClusterFileText(String name, String text, Reading reading) {
  /// What is larger is not read at all.
  private static final long MOST_BYTES = 4L << 20;

  static ClusterFileText read(Path file) throws Refused {
    byte[] bytes = InputFile.read(file, MOST_BYTES, "cluster file");
    String text = new String(bytes, StandardCharsets.UTF_8);
    return new ClusterFileText(
        file.toString(), text, ClusterFileReader.read(file.toString(), bytes));
  }

  /// What the file says; null when it is refused.
  @Nullable ClusterFile file() {
    return reading instanceof Reading.Accepted accepted ? accepted.file() : null;
  }

  /// Tells every problem to standard error, and how many there are.
  void tellProblems(Surroundings surroundings) {
    List<String> lines = text.lines().toList();
    Paint paint = surroundings.paint();
    for (Problem problem : reading.problems()) {
      boolean error = problem.severity() == Problem.Severity.ERROR;
      surroundings
          .err()
          .println(
              paint.bold(problem.where() + ":")
                  + " "
                  + (error ? paint.red("error:") : paint.yellow("warning:"))
                  + " "
                  + problem.what());
      quote(problem, lines, surroundings);
      if (problem.allowed() != null) {
        surroundings.err().println("    allowed: " + problem.allowed());
      }
      if (problem.nearest() != null) {
        surroundings.err().println("    nearest: " + problem.nearest());
      }
    }
    long errors =
        reading.problems().stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
    long warnings = reading.problems().size() - errors;
    if (errors > 0) {
      surroundings
          .err()
          .println(
              name
                  + ": "
                  + counted(errors, "error")
                  + (warnings > 0 ? ", " + counted(warnings, "warning") : ""));
    }
  }

  /// The line with a mark under the column; not of a file that is no text.
  private static void quote(Problem problem, List<String> lines, Surroundings surroundings) {
    if (problem.line() > lines.size()) {
      return;
    }
    String line = lines.get(problem.line() - 1);
    if (!line.isBlank()
        && line.length() <= 200
        && line.chars().noneMatch(c -> c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0)) {
      String number = String.format(Locale.ROOT, "%5d", problem.line());
      surroundings
          .err()
          .println(surroundings.paint().dim(number + " | " + line.replace('\t', ' ')));
      surroundings
          .err()
          .println(surroundings.paint().dim("      | " + " ".repeat(problem.column() - 1) + "^"));
    }
  }

  static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
