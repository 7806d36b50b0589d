package io.trivet.cluster.file;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects what is wrong with one file while it is read; never more than an operator can use.
final class Findings {
  /// More than this many problems in one file are one problem: it is not a cluster file.
  static final int MOST = 100;

  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private boolean errors;

  Findings(String file) {
    this.file = file;
  }

  void error(Yaml.Place at, String what, @Nullable String allowed) {
    error(at, what, allowed, null);
  }

  void error(Yaml.Place at, String what, @Nullable String allowed, @Nullable String nearest) {
    errors = true;
    add(new Problem(file, at.line(), at.column(), Problem.Severity.ERROR, what, allowed, nearest));
  }

  void warning(Yaml.Place at, String what, @Nullable String allowed) {
    add(new Problem(file, at.line(), at.column(), Problem.Severity.WARNING, what, allowed, null));
  }

  private void add(Problem problem) {
    // The most are kept per severity, so that a flood of warnings cannot hide an error.
    if (problems.stream().filter(p -> p.severity() == problem.severity()).count() < MOST
        && !problems.contains(problem)) {
      problems.add(problem);
    }
  }

  /// True when the file has to be refused.
  boolean anyError() {
    return errors;
  }

  /// Everything found, in the order of the file.
  List<Problem> inOrder() {
    return problems.stream()
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }
}
