package io.trivet.scheduler.importing;

import java.util.Locale;

/// Names of clusters as a cluster file allows them: 1-32 characters a-z, 0-9, -.
final class ClusterNames {
  private static final int LONGEST = 32;

  private ClusterNames() {}

  /// The closest name; empty where nothing of it is left.
  static String of(String name) {
    String text = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    text = text.substring(0, Math.min(LONGEST, text.length()));
    return text.replaceAll("^-+|-+$", "");
  }
}
