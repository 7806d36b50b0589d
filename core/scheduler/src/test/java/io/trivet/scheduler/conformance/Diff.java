package io.trivet.scheduler.conformance;

import java.util.ArrayList;
import java.util.List;

/// The lines in which two texts differ, with a few lines around them.
final class Diff {
  private static final int AROUND = 2;

  private Diff() {}

  /// Lines that are only in the first start with `-`, those only in the second with `+`.
  static String of(String wanted, String found) {
    List<String> a = wanted.lines().toList();
    List<String> b = found.lines().toList();
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        lines.add(" " + a.get(i++));
        j++;
      } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add("-" + a.get(i++));
      } else {
        lines.add("+" + b.get(j++));
      }
    }
    return around(lines);
  }

  private static String around(List<String> lines) {
    StringBuilder text = new StringBuilder();
    boolean gap = false;
    for (int i = 0; i < lines.size(); i++) {
      boolean near = false;
      for (int k = Math.max(0, i - AROUND); k <= Math.min(lines.size() - 1, i + AROUND); k++) {
        near |= lines.get(k).charAt(0) != ' ';
      }
      if (near) {
        text.append(gap ? "  ...\n" : "").append(lines.get(i)).append('\n');
      }
      gap = !near;
    }
    return text.toString();
  }
}
