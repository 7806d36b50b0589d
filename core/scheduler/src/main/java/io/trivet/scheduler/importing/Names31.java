package io.trivet.scheduler.importing;

import java.util.Locale;

/// Names as a cluster file allows them: 1-31 characters a-z, 0-9, -, a letter first.
final class Names31 {
  private static final int LONGEST = 31;

  private Names31() {}

  /// The closest name to the id.
  static String of(String id) {
    String name = id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-");
    if (name.isEmpty() || name.charAt(0) < 'a' || name.charAt(0) > 'z') {
      name = "r-" + name;
    }
    name = name.substring(0, Math.min(LONGEST, name.length()));
    while (name.endsWith("-")) {
      name = name.substring(0, name.length() - 1);
    }
    return name;
  }
}
