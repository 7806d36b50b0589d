package io.trivet.walls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rules for the text of files: length, names, and what must not be published.
public final class Texts {
  /// The longest Java file, in lines: what one reads in one sitting.
  public static final int MAX_LINES = 600;

  private static final Set<String> EMPTY_NAMES =
      Set.of("util", "utils", "manager", "helper", "helpers", "impl");

  private static final Pattern ASKS_FOR_A_PERSON =
      Pattern.compile("Notice\\s*\\.\\s*(?:warning|critical)\\(\\s*\"([a-z0-9-]+)\"");

  private static final Pattern WORD_BOUNDARY =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");

  /// A text that must not stand in the repository. The patterns are written so that they do not
  /// match this file.
  private record BannedText(Pattern pattern, String why) {}

  private static final List<BannedText> BANNED_TEXTS =
      List.of(
          new BannedText(
              Pattern.compile("(?<![\\w.$}/*-])/wor[k]/"),
              "is a path of one machine; use a path from the repository"),
          new BannedText(
              Pattern.compile("/tmp/(brie[f]|w[t]-|hous[e]/)"),
              "is a path of one machine; use a path from the repository"),
          new BannedText(
              Pattern.compile("\\b(TO[D]O|FIX[M]E|XX[X])\\b"),
              "is unfinished work; finish it or open an issue"),
          new BannedText(Pattern.compile("(?i)co-authore[d]-by"), "belongs to no file"));

  private Texts() {}

  /// A Java file that is too long.
  public static List<Finding> length(String file, String text) {
    long lines = text.lines().count();
    return lines <= MAX_LINES
        ? List.of()
        : List.of(
            new Finding(
                file,
                lines + " lines; at most " + MAX_LINES + ", so cut out the idea that has grown"));
  }

  /// The package of the class that takes the place of a library's, see [Arrows].
  private static final String NAMED_BY_A_LIBRARY = "/src/main/java/org/apache/ratis/util/";

  /// Names in the path of a Java file that say nothing.
  public static List<Finding> names(String file) {
    List<Finding> findings = new ArrayList<>();
    if (file.contains(NAMED_BY_A_LIBRARY)) {
      return findings;
    }
    for (String word : WORD_BOUNDARY.split(file.replaceFirst("\\.java$", ""), -1)) {
      if (EMPTY_NAMES.contains(word.toLowerCase(Locale.ROOT))) {
        findings.add(
            new Finding(
                file, "the word \"" + word + "\" in a name says nothing; name what it does"));
      }
    }
    return findings;
  }

  /// Lines of any file that must not be published.
  public static List<Finding> published(String file, String text) {
    List<Finding> findings = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      for (BannedText banned : BANNED_TEXTS) {
        var matcher = banned.pattern().matcher(line);
        if (matcher.find()) {
          findings.add(
              new Finding(
                  file + ":" + number, "\"" + matcher.group().strip() + "\" " + banned.why()));
        }
      }
    }
    return findings;
  }

  /// The notices of this source that ask for a person although no page says what to do.
  ///
  /// @param runbooks the names of the pages in `docs/runbooks`, without `.md`
  public static List<Finding> noticesWithoutRunbook(
      String file, String text, Set<String> runbooks) {
    List<Finding> findings = new ArrayList<>();
    Matcher matcher = ASKS_FOR_A_PERSON.matcher(text);
    while (matcher.find()) {
      String id = matcher.group(1);
      if (!runbooks.contains(id)) {
        findings.add(
            new Finding(
                file,
                "the notice " + id + " asks for a person: write docs/runbooks/" + id + ".md"));
      }
    }
    return findings;
  }

  /// A package whose `package-info.java` does not say that null needs an annotation.
  public static List<Finding> nullMarked(String file, String text) {
    return text.contains("@NullMarked")
        ? List.of()
        : List.of(new Finding(file, "has no @NullMarked; every package says how it treats null"));
  }
}
