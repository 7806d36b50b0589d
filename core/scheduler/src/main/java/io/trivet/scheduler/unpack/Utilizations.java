package io.trivet.scheduler.unpack;

/// Numbers of utilization attributes.
final class Utilizations {
  private Utilizations() {}

  /// The number that the text begins with; 0 if there is none.
  static int number(String text) {
    String t = text.strip();
    int end = t.startsWith("-") || t.startsWith("+") ? 1 : 0;
    int digits = end;
    while (end < t.length() && Character.isDigit(t.charAt(end))) {
      end++;
    }
    if (end == digits) {
      return 0;
    }
    if (end - digits > 18) {
      return t.startsWith("-") ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    return Math.clamp(Long.parseLong(t.substring(0, end)), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
