package io.trivet.cluster.file;

import java.util.List;

/// What came of reading a cluster file: all of it was accepted, or nothing.
public sealed interface Reading {

  /// Everything found, in the order of the file.
  List<Problem> problems();

  /// The file is right.
  ///
  /// @param file what it says
  /// @param problems warnings only; often empty
  record Accepted(ClusterFile file, List<Problem> problems) implements Reading {
    public Accepted {
      problems = List.copyOf(problems);
    }
  }

  /// The file is refused, and nothing changes.
  ///
  /// @param problems at least one error, and warnings
  record Refused(List<Problem> problems) implements Reading {
    public Refused {
      problems = List.copyOf(problems);
      if (problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR)) {
        throw new IllegalArgumentException("A file is refused for an error, and there is none.");
      }
    }
  }
}
