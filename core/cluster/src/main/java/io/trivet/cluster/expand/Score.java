package io.trivet.cluster.expand;

/// How much something is wanted, as in Pacemaker: a whole number, where one million is infinity.
///
/// @param value -1,000,000 (never) to 1,000,000 (always)
public record Score(int value) implements Comparable<Score> {
  private static final int LIMIT = 1_000_000;

  /// Always, or not at all.
  public static final Score INFINITY = new Score(LIMIT);

  /// Never.
  public static final Score NEVER = new Score(-LIMIT);

  /// @throws IllegalArgumentException if the value is beyond infinity
  public Score {
    if (value > LIMIT || value < -LIMIT) {
      throw new IllegalArgumentException("A score is -1000000 to 1000000, not " + value);
    }
  }

  /// Pacemaker's sum: it stops at infinity, and never is stronger than always.
  public Score plus(Score other) {
    if (equals(NEVER) || other.equals(NEVER)) {
      return NEVER;
    }
    if (equals(INFINITY) || other.equals(INFINITY)) {
      return INFINITY;
    }
    return new Score(Math.clamp((long) value + other.value, -LIMIT, LIMIT));
  }

  @Override
  public int compareTo(Score other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return equals(INFINITY) ? "INFINITY" : equals(NEVER) ? "-INFINITY" : Integer.toString(value);
  }
}
