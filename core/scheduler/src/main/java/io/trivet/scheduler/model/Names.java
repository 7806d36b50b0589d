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
        int byValue = compareNumbers(a, from, i, b, start, j);
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

  /// Compares the digits of `a` from there to there with those of `b`.
  private static int compareNumbers(String a, int from, int to, String b, int start, int end) {
    int i = withoutZeros(a, from, to);
    int j = withoutZeros(b, start, end);
    if (to - i != end - j) {
      return Integer.compare(to - i, end - j);
    }
    for (; i < to; i++, j++) {
      if (a.charAt(i) != b.charAt(j)) {
        return Character.compare(a.charAt(i), b.charAt(j));
      }
    }
    return 0;
  }

  private static int withoutZeros(String digits, int from, int to) {
    int i = from;
    while (i < to - 1 && digits.charAt(i) == '0') {
      i++;
    }
    return i;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
