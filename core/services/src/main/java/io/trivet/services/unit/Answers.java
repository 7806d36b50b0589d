package io.trivet.services.unit;

import io.trivet.cluster.state.Report;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Whether a process that runs still answers. One question at a time is on its way; this remembers
/// when it was asked, when an answer came last, and how long answers take now.
///
/// | question | the answer | the process |
/// |---|---|---|
/// | on its way | may still come | is as before |
/// | on its way | overdue ([#limitNanos]), but this daemon itself was held up | is as before, for 0.5 s more, at most three times |
/// | on its way | overdue | hangs, from then on |
/// | given up by the edge | | hangs |
/// | answered, however late | | answers; the limit grows with what it took |
///
/// An error is an answer. A process that hangs and uses no processor time does not get on: it is
/// stopped, or waits for something. One that uses some may be slow only.
///
/// @param asked true while a question is on its way
/// @param askedAtNanos when it was asked
/// @param lateAtNanos when its answer is overdue
/// @param heldUp how often that was put off
/// @param answeredAtNanos when an answer came last, or since when one could have come
/// @param usualNanos how long answers take: the longest of late, forgotten by an eighth with each
/// @param hangsSinceNanos since when it hangs, -1 if it does not
/// @param work whether it uses processor time
public record Answers(
    boolean asked,
    long askedAtNanos,
    long lateAtNanos,
    int heldUp,
    long answeredAtNanos,
    long usualNanos,
    long hangsSinceNanos,
    Work work) {
  private static final long MILLI = 1_000_000L;

  /// The shortest time after which a process without an answer hangs. With questions every 0.7 s it
  /// is found within 2 s.
  public static final long LIMIT_NANOS = 1_200 * MILLI;

  /// The longest, on a machine where answers take seconds.
  public static final long LONGEST_LIMIT_NANOS = 5_000 * MILLI;

  /// How long a question stays on its way at most; the edge ends it then.
  public static final long QUESTION_NANOS = 10_000 * MILLI;

  private static final int LIMIT_TIMES_USUAL = 4;
  private static final long HELD_UP_NANOS = 300 * MILLI;
  private static final long ONCE_MORE_NANOS = 500 * MILLI;
  private static final int HELD_UP_TIMES = 3;

  private static final String HANGS = "hangs";
  private static final String HUNG = "hung";
  private static final String STOPPED = "stopped";
  private static final String WORKS = "works";

  /// How long it hangs, as far as a policy has to tell one from the other. Counted where it hangs:
  /// clocks of different machines are not compared.
  private static final List<Long> STEPS_SECONDS = List.of(15L, 60L, 300L);

  /// Whether a process uses processor time.
  ///
  /// @param usedNanos what it had used when it was looked at last, -1 = not known
  /// @param atNanos when that was
  /// @param workedAtNanos when it was last seen, or has to be taken, to use some
  /// @param lookAtNanos when to look next
  public record Work(long usedNanos, long atNanos, long workedAtNanos, long lookAtNanos) {
    private static final long LOOK_NANOS = 500 * MILLI;

    /// Without any for this long, it does not get on.
    private static final long IDLE_NANOS = 1_000 * MILLI;

    /// Less than a hundredth of a processor is no work.
    private static final long SHARE = 100;

    static Work unknown(long now) {
      return new Work(-1, now, now, now);
    }

    /// It hangs from now on: what it did before that does not count.
    Work hanging(long now) {
      boolean fresh = now - atNanos <= 2 * LOOK_NANOS;
      return fresh ? new Work(usedNanos, atNanos, now, now) : unknown(now);
    }

    Work looking(long now) {
      return new Work(usedNanos, atNanos, workedAtNanos, now + LOOK_NANOS);
    }

    Work seen(long now, long used) {
      boolean works = usedNanos < 0 || used < 0 || used - usedNanos > (now - atNanos) / SHARE;
      return new Work(used, now, works ? now : workedAtNanos, lookAtNanos);
    }

    /// How long it was seen to use none; 0 where that is not known.
    long idleNanos() {
      return usedNanos < 0 ? 0 : atNanos - workedAtNanos;
    }
  }

  /// Nothing was asked yet; an answer could come from now on.
  public static Answers none(long now) {
    return new Answers(false, now, Long.MAX_VALUE, 0, now, 0, -1, Work.unknown(now));
  }

  /// True if it hangs.
  public boolean late() {
    return hangsSinceNanos >= 0;
  }

  public long limitNanos() {
    return Math.clamp(LIMIT_TIMES_USUAL * usualNanos, LIMIT_NANOS, LONGEST_LIMIT_NANOS);
  }

  /// A question goes out.
  public Answers ask(long now) {
    return new Answers(
        true, now, now + limitNanos(), 0, answeredAtNanos, usualNanos, hangsSinceNanos, work);
  }

  /// The answer to it is here, be it an error.
  public Answers answered(long now) {
    long took = asked ? now - askedAtNanos : 0;
    long usual = Math.max(took, usualNanos - usualNanos / 8);
    return new Answers(false, askedAtNanos, Long.MAX_VALUE, 0, now, usual, -1, work);
  }

  /// The edge gave the question up: nothing came in all that time.
  public Answers givenUp(long now) {
    Answers hanging = late() ? this : hanging(now);
    return new Answers(
        false,
        askedAtNanos,
        Long.MAX_VALUE,
        0,
        answeredAtNanos,
        usualNanos,
        hanging.hangsSinceNanos,
        hanging.work);
  }

  /// Time has passed.
  public Answers look(long now) {
    if (!asked || late() || now < lateAtNanos) {
      return this;
    }
    if (now - lateAtNanos > HELD_UP_NANOS && heldUp < HELD_UP_TIMES) {
      // Whoever looks so late may have the answer waiting behind this very moment.
      long again = now + ONCE_MORE_NANOS;
      return new Answers(
          true, askedAtNanos, again, heldUp + 1, answeredAtNanos, usualNanos, -1, work);
    }
    return hanging(now);
  }

  private Answers hanging(long now) {
    return with(now, work.hanging(now));
  }

  /// Its processor time is being looked at.
  public Answers looking(long now) {
    return with(hangsSinceNanos, work.looking(now));
  }

  /// The processor time that it has used so far.
  ///
  /// @param used -1 where it is not counted: then it is taken to work
  public Answers cpu(long now, long used) {
    return with(hangsSinceNanos, work.seen(now, used));
  }

  private Answers with(long hangsSince, Work next) {
    return new Answers(
        asked, askedAtNanos, lateAtNanos, heldUp, answeredAtNanos, usualNanos, hangsSince, next);
  }

  /// True if it hangs and was seen to use no processor time since.
  public boolean stopped() {
    return late() && work.idleNanos() >= Work.IDLE_NANOS;
  }

  /// How long it was seen to use no processor time; 0 where that is not known.
  public long idleNanos() {
    return work.idleNanos();
  }

  /// How long there was no answer.
  public long silentNanos(long now) {
    return now - answeredAtNanos;
  }

  /// When [#look] is due.
  public long dueAtNanos() {
    return asked && !late() ? lateAtNanos : Long.MAX_VALUE;
  }

  /// When to look at the processor time of what hangs.
  public long workDueAtNanos() {
    return late() ? work.lookAtNanos : Long.MAX_VALUE;
  }

  /// What people are told of it: what was asked, and how long there had been no answer when it was
  /// taken to hang. The text stays as it is while it does.
  ///
  /// @param question what was asked, e.g. `SQL on its local socket`
  public String sentence(String question) {
    long tenths = Math.max(0, hangsSinceNanos - answeredAtNanos) / (100 * MILLI);
    String idle = stopped() ? ", and it does nothing" : "";
    return "hangs: no answer to "
        + question
        + " for "
        + tenths / 10
        + "."
        + tenths % 10
        + " s"
        + idle;
  }

  /// Adds to the facts of a report that it hangs, whether it does anything, and how long it hangs,
  /// in the steps of [#STEPS_SECONDS] so that the report changes seldom.
  public NavigableMap<String, String> facts(NavigableMap<String, String> facts, long now) {
    if (!late()) {
      return facts;
    }
    TreeMap<String, String> more = new TreeMap<>(facts);
    more.put(HANGS, stopped() ? STOPPED : WORKS);
    long seconds = (now - hangsSinceNanos) / (1_000 * MILLI);
    STEPS_SECONDS.stream()
        .filter(step -> step <= seconds)
        .reduce((one, later) -> later)
        .ifPresent(step -> more.put(HUNG, Long.toString(step)));
    return more;
  }

  /// How long it hangs by the report, in milliseconds: at least so long, on the clock of the
  /// machine where it does; 0 where it does not hang or that is not said.
  public static long hungMillis(@Nullable Report report) {
    String step = hangs(report) && report != null ? report.facts().get(HUNG) : null;
    return STEPS_SECONDS.stream()
        .filter(seconds -> Long.toString(seconds).equals(step))
        .mapToLong(seconds -> seconds * 1_000)
        .findFirst()
        .orElse(0);
  }

  /// True if the report says that the service hangs there.
  public static boolean hangs(@Nullable Report report) {
    return report != null && report.facts().containsKey(HANGS);
  }

  /// True if the report says that it hangs and does not get on.
  public static boolean stopped(@Nullable Report report) {
    return report != null && STOPPED.equals(report.facts().get(HANGS));
  }
}
