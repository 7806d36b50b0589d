package io.trivet.scheduler.model;

/// Order of names: letters without regard to case, runs of digits by their value.
public final class Names {
  private Names() {}

  /// Less than, equal to or greater than 0, as for a comparator.
  public static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      char x = a.charAt(i);
      char y = b.charAt(j);
      if (digit(x) && digit(y)) {
        int from = i;
        int start = j;
        while (i < a.length() && digit(a.charAt(i))) {
          i++;
        }
        while (j < b.length() && digit(b.charAt(j))) {
          j++;
        }
        int byValue = compareNumbers(a.substring(from, i), b.substring(start, j));
        if (byValue != 0) {
          return byValue;
        }
      } else {
        int byLetter = Character.compare(Character.toLowerCase(x), Character.toLowerCase(y));
        if (byLetter != 0) {
          return byLetter;
        }
        i++;
        j++;
      }
    }
    return Integer.compare(a.length() - i, b.length() - j);
  }

  private static int compareNumbers(String a, String b) {
    String x = stripZeros(a);
    String y = stripZeros(b);
    return x.length() != y.length() ? Integer.compare(x.length(), y.length()) : x.compareTo(y);
  }

  private static String stripZeros(String digits) {
    int i = 0;
    while (i < digits.length() - 1 && digits.charAt(i) == '0') {
      i++;
    }
    return digits.substring(i);
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
