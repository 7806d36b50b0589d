package io.trivet.cli;

/// A span of time as people say it.
final class Span {
  private Span() {}

  /// `0.4 s`, `12 s`, `3 min`, `2 h 5 min`, `4 d`.
  static String of(long millis) {
    long tenths = Math.max(0, millis) / 100;
    long seconds = tenths / 10;
    if (seconds < 10) {
      return tenths % 10 == 0 ? seconds + " s" : seconds + "." + tenths % 10 + " s";
    }
    if (seconds < 120) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    if (minutes < 60) {
      return minutes + " min";
    }
    return minutes < 48 * 60
        ? minutes / 60 + " h " + minutes % 60 + " min"
        : minutes / (24 * 60) + " d";
  }
}
