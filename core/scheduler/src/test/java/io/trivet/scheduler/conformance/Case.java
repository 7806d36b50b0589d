package io.trivet.scheduler.conformance;

import io.trivet.scheduler.rules.Iso8601;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A recorded decision: an input, and what has to come out of it.
///
/// @param at the time that counts as now, as written in the list of cases; empty for that of the
///   input
public record Case(Path root, String name, String at) {
  /// Names the folder with the recorded cases where they are not at their usual place.
  static final String PROPERTY = "trivet.conformance";

  private static final String USUAL = "shared/conformance/pacemaker-scheduler";

  /// The folder of the recorded cases, or null where there is none: by the property, else beside
  /// one of the folders above.
  public static @Nullable Path folder() {
    String named = System.getProperty(PROPERTY, "");
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isReadable(at.resolve(USUAL).resolve("cases.tsv"))) {
        return at.resolve(USUAL);
      }
    }
    return null;
  }

  /// All cases of the folder, in the order of its list.
  static List<Case> all(Path folder) {
    List<Case> all = new ArrayList<>();
    for (String line : text(folder.resolve("cases.tsv")).lines().skip(1).toList()) {
      String[] fields = line.split("\t", -1);
      all.add(new Case(folder, fields[0], fields[1]));
    }
    return all;
  }

  String input() {
    return text(root.resolve("xml").resolve(name + ".xml"));
  }

  String summary() {
    return text(root.resolve("summary").resolve(name + ".summary"));
  }

  String graph() {
    return text(root.resolve("exp").resolve(name + ".exp"));
  }

  /// The score lines, sorted.
  String scores() {
    StringBuilder lines = new StringBuilder();
    text(root.resolve("scores").resolve(name + ".scores"))
        .lines()
        .filter(l -> !l.isBlank())
        .sorted()
        .forEach(l -> lines.append(l).append('\n'));
    return lines.toString();
  }

  /// The part of a summary that starts with the heading, up to the next one; without the lines that
  /// tell the time.
  static String section(String summary, String heading) {
    StringBuilder part = new StringBuilder();
    boolean inside = false;
    for (String line : summary.lines().toList()) {
      if (!line.isEmpty() && Character.isLetterOrDigit(line.charAt(0))) {
        inside = line.equals(heading + ":");
      } else if (inside && !line.isEmpty()) {
        part.append(line).append('\n');
      }
    }
    return part.toString();
  }

  @Nullable Long effectiveTime() {
    if (at.isEmpty()) {
      return null;
    }
    Long seconds = Iso8601.seconds(at);
    if (seconds == null) {
      throw new IllegalStateException(name + ": no time: " + at);
    }
    return seconds;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
