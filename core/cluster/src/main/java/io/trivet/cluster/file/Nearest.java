package io.trivet.cluster.file;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the known word that somebody probably meant.
final class Nearest {
  private static final int LONGEST = 64;

  private Nearest() {}

  /// The nearest of the known words, or null where none is near: at most a third of its letters may
  /// differ, at least one may.
  static @Nullable String to(String found, Collection<String> known) {
    String word = plain(found);
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      String other = plain(candidate);
      int distance = word.length() > LONGEST ? Integer.MAX_VALUE : distance(word, other);
      boolean near = distance <= Math.max(1, Math.max(word.length(), other.length()) / 3);
      if (near && distance < least) {
        best = candidate;
        least = distance;
      }
    }
    return best;
  }

  /// Case, `_` and `-` are not what people mean to say.
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /// Optimal string alignment: how many letters were added, left out, changed, or swapped with a
  /// neighbour.
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
