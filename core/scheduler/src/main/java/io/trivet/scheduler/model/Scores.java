package io.trivet.scheduler.model;

import org.jspecify.annotations.Nullable;

/// Arithmetic of scores: whole numbers where a million is infinity ("Pacemaker Explained", Scores).
public final class Scores {
  /// Always; never is its negative.
  public static final int INFINITY = 1_000_000;

  private Scores() {}

  /// The sum: never beats always, and both beat numbers.
  public static int add(int a, int b) {
    if (a <= -INFINITY || b <= -INFINITY) {
      return -INFINITY;
    }
    if (a >= INFINITY || b >= INFINITY) {
      return INFINITY;
    }
    return Math.clamp((long) a + b, -INFINITY, INFINITY);
  }

  /// A score as configured: a number, `INFINITY`, `+INFINITY`, `-INFINITY`, or the health colours
  /// that the caller gave numbers to before.
  ///
  /// @return `otherwise` where there is none or it is no number
  public static int parse(@Nullable String text, int otherwise) {
    if (text == null) {
      return otherwise;
    }
    String t = text.strip();
    switch (t) {
      case "INFINITY", "infinity", "+INFINITY", "+infinity" -> {
        return INFINITY;
      }
      case "-INFINITY", "-infinity" -> {
        return -INFINITY;
      }
      default -> {}
    }
    int end = 0;
    if (end < t.length() && (t.charAt(end) == '-' || t.charAt(end) == '+')) {
      end++;
    }
    int digits = end;
    while (end < t.length() && Character.isDigit(t.charAt(end))) {
      end++;
    }
    if (end == digits) {
      return otherwise;
    }
    if (end - digits > 9) {
      return t.charAt(0) == '-' ? -INFINITY : INFINITY;
    }
    return Math.clamp(Long.parseLong(t.substring(0, end)), -INFINITY, INFINITY);
  }

  /// As people read it: `INFINITY`, `-INFINITY`, or the number.
  public static String text(int score) {
    if (score >= INFINITY) {
      return "INFINITY";
    }
    return score <= -INFINITY ? "-INFINITY" : Integer.toString(score);
  }
}
