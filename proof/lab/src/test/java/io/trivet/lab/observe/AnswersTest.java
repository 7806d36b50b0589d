package io.trivet.lab.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnswersTest {
  private static final long MS = 1_000_000L;
  private static final long PAUSE = 50 * MS;
  private static final long PROBE = 5 * MS;

  @Test
  void theLongestGapCountsBothEnds() {
    Answers answers = everyProbe(100, 200);
    assertEquals(5 * MS, answers.longestGapNanos(100 * MS, 200 * MS));
    assertEquals(100 * MS, answers.longestGapNanos(0, 200 * MS));
    assertEquals(300 * MS, answers.longestGapNanos(100 * MS, 500 * MS));
  }

  @Test
  void withoutAnyAnswerTheGapIsAllOfIt() {
    assertEquals(70 * MS, new Answers(List.of()).longestGapNanos(30 * MS, 100 * MS));
  }

  @Test
  void answersOutsideTheTimeAreNotSeen() {
    Answers answers = new Answers(List.of(5 * MS, 500 * MS));
    assertEquals(100 * MS, answers.longestGapNanos(100 * MS, 200 * MS));
  }

  @Test
  void theOrderInWhichTheyCameIsNoMatter() {
    assertEquals(List.of(1L, 2L, 3L), new Answers(List.of(3L, 1L, 2L)).nanos());
  }

  @Test
  void handingOverIsNoOverlap() {
    assertEquals(0, twoAtOnce(everyProbe(0, 100), everyProbe(101, 300)));
  }

  @Test
  void goingAwayAndComingBackIsNoOverlap() {
    Answers first = joined(everyProbe(0, 100), everyProbe(400, 500));
    assertEquals(0, twoAtOnce(first, everyProbe(150, 350)));
  }

  @Test
  void twoThatAnswerAtOnceAreCounted() {
    assertEquals(50 * MS, twoAtOnce(everyProbe(0, 100), everyProbe(50, 200)));
  }

  @Test
  void oneStrayAnswerWithinAnothersTimeCountsAsOneProbe() {
    assertEquals(5 * MS, twoAtOnce(everyProbe(0, 100), new Answers(List.of(51 * MS))));
  }

  @Test
  void threeAtOnceCountOnce() {
    long two =
        Answers.twoAtOnceNanos(
            List.of(everyProbe(0, 100), everyProbe(0, 100), everyProbe(0, 100)), PAUSE, PROBE);
    assertEquals(100 * MS, two);
  }

  @Test
  void nobodyIsNotTwo() {
    assertEquals(0, Answers.twoAtOnceNanos(List.of(), PAUSE, PROBE));
    assertEquals(0, twoAtOnce(new Answers(List.of()), everyProbe(0, 100)));
  }

  @Test
  void percentilesAreMeasuredFigures() {
    assertEquals(new Percentiles(2, 3, 3), Percentiles.of(List.of(3L, 1L, 2L)));
    assertEquals(new Percentiles(7, 7, 7), Percentiles.of(List.of(7L)));
    List<Long> hundred = new ArrayList<>();
    for (long i = 1; i <= 100; i++) {
      hundred.add(i);
    }
    assertEquals(new Percentiles(50, 99, 100), Percentiles.of(hundred));
  }

  private static long twoAtOnce(Answers one, Answers other) {
    return Answers.twoAtOnceNanos(List.of(one, other), PAUSE, PROBE);
  }

  private static Answers everyProbe(long fromMillis, long untilMillis) {
    List<Long> all = new ArrayList<>();
    for (long at = fromMillis; at <= untilMillis; at += 5) {
      all.add(at * MS);
    }
    return new Answers(all);
  }

  private static Answers joined(Answers one, Answers other) {
    List<Long> all = new ArrayList<>(one.nanos());
    all.addAll(other.nanos());
    return new Answers(all);
  }
}
