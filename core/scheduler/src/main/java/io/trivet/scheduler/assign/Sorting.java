package io.trivet.scheduler.assign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A stable merge sort that asks nothing of its comparator: how instances compare depends on where
/// they are, and need not be consistent.
final class Sorting {
  private Sorting() {}

  static <T> void sort(List<T> list, Comparator<? super T> by) {
    List<T> sorted = merged(list, by);
    for (int i = 0; i < sorted.size(); i++) {
      list.set(i, sorted.get(i));
    }
  }

  private static <T> List<T> merged(List<T> list, Comparator<? super T> by) {
    if (list.size() < 2) {
      return new ArrayList<>(list);
    }
    List<T> a = merged(list.subList(0, list.size() / 2), by);
    List<T> b = merged(list.subList(list.size() / 2, list.size()), by);
    List<T> all = new ArrayList<>(list.size());
    int i = 0;
    int j = 0;
    while (i < a.size() && j < b.size()) {
      all.add(by.compare(a.get(i), b.get(j)) <= 0 ? a.get(i++) : b.get(j++));
    }
    all.addAll(a.subList(i, a.size()));
    all.addAll(b.subList(j, b.size()));
    return all;
  }
}
