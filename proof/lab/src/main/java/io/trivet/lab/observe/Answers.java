package io.trivet.lab.observe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The moments at which one source answered, in order. All times are nanoseconds of one monotonic
/// clock.
///
/// @param nanos ascending
public record Answers(List<Long> nanos) {
  public Answers {
    nanos = nanos.stream().sorted().toList();
  }

  /// The longest time without an answer between `from` and `until`, both counted as if there had
  /// been one: an outage that has not ended lasts until `until`.
  public long longestGapNanos(long from, long until) {
    long last = from;
    long longest = 0;
    for (long at : nanos) {
      if (at >= from && at <= until) {
        longest = Math.max(longest, at - last);
        last = at;
      }
    }
    return Math.max(longest, until - last);
  }

  /// The first answer at or after `from`, or -1.
  public long firstAfter(long from) {
    return nanos.stream().filter(at -> at >= from).findFirst().orElse(-1L);
  }

  /// Times in which the source answered without a pause. A pause longer than `pauseNanos` ends one;
  /// an answer that stands alone is a stretch of length 0.
  public List<Stretch> stretches(long pauseNanos) {
    List<Stretch> all = new ArrayList<>();
    for (long at : nanos) {
      if (!all.isEmpty() && at - all.getLast().last() <= pauseNanos) {
        all.set(all.size() - 1, new Stretch(all.getLast().first(), at));
      } else {
        all.add(new Stretch(at, at));
      }
    }
    return all;
  }

  /// Time in which at least two of the sources answered.
  ///
  /// Counted from the first to the last answer of each stretch and no further: a source whose last
  /// answer came before the other's first has handed over, and that is no overlap. An answer that
  /// stands alone within another's stretch counts as one probe, `probeNanos`: the source did answer
  /// there, and nobody knows for how long.
  ///
  /// @param pauseNanos how long a silence must be to be one; several probes
  public static long twoAtOnceNanos(Collection<Answers> sources, long pauseNanos, long probeNanos) {
    List<List<Stretch>> each =
        sources.stream().map(answers -> answers.stretches(pauseNanos)).toList();
    List<Stretch> overlaps = new ArrayList<>();
    for (int i = 0; i < each.size(); i++) {
      for (int j = i + 1; j < each.size(); j++) {
        for (Stretch one : each.get(i)) {
          for (Stretch other : each.get(j)) {
            one.overlap(other, probeNanos).ifPresent(overlaps::add);
          }
        }
      }
    }
    return lengthOfUnion(overlaps);
  }

  private static long lengthOfUnion(List<Stretch> overlaps) {
    long total = 0;
    long counted = Long.MIN_VALUE;
    for (Stretch each :
        overlaps.stream().sorted(java.util.Comparator.comparingLong(Stretch::first)).toList()) {
      long from = Math.max(each.first(), counted);
      if (each.last() > from) {
        total += each.last() - from;
        counted = each.last();
      }
    }
    return total;
  }

  /// A time in which a source answered without a pause.
  public record Stretch(long first, long last) {
    /// What both have in common; at least `probeNanos` when one of them is a single answer.
    java.util.Optional<Stretch> overlap(Stretch other, long probeNanos) {
      long from = Math.max(first, other.first);
      long until = Math.min(last, other.last);
      if (from > until) {
        return java.util.Optional.empty();
      }
      return java.util.Optional.of(new Stretch(from, Math.max(until, from + probeNanos)));
    }
  }
}
