package io.trivet.lab.observe;

import java.util.Collection;
import java.util.List;

/// Of some measurements, the middle, the far end and the worst. By nearest rank: every figure is
/// one that was measured.
public record Percentiles(long p50, long p99, long max) {

  /// Of at least one measurement.
  public static Percentiles of(Collection<Long> measured) {
    List<Long> sorted = measured.stream().sorted().toList();
    return new Percentiles(rank(sorted, 50), rank(sorted, 99), sorted.getLast());
  }

  private static long rank(List<Long> sorted, int percent) {
    int rank = (sorted.size() * percent + 99) / 100;
    return sorted.get(Math.max(1, rank) - 1);
  }
}
