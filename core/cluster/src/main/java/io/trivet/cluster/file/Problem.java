package io.trivet.cluster.file;

import org.jspecify.annotations.Nullable;

/// Something about a cluster file that its author should know.
///
/// @param file the name of the file as it was given
/// @param line the line, from 1
/// @param column the column in characters, from 1
/// @param severity whether the file is refused for it
/// @param what what is wrong, one sentence
/// @param allowed what would be right, or null where `what` says it
/// @param nearest the known word nearest to the one that was found, or null
public record Problem(
    String file,
    int line,
    int column,
    Severity severity,
    String what,
    @Nullable String allowed,
    @Nullable String nearest) {

  /// Whether a file with this problem is refused.
  public enum Severity {
    /// The file is refused.
    ERROR,
    /// The file is accepted, but weaker than it should be, or probably not what was meant.
    WARNING
  }

  /// `file:line:column`, as editors and terminals understand it.
  public String where() {
    return file + ":" + line + ":" + column;
  }

  /// One line for people: `cluster.yaml:7:3: error: what; allowed: …; did you mean "…"?`.
  @Override
  public String toString() {
    StringBuilder out =
        new StringBuilder(where())
            .append(": ")
            .append(severity == Severity.ERROR ? "error" : "warning")
            .append(": ")
            .append(what);
    if (allowed != null) {
      out.append("; allowed: ").append(allowed);
    }
    if (nearest != null) {
      out.append("; did you mean \"").append(nearest).append("\"?");
    }
    return out.toString();
  }
}
