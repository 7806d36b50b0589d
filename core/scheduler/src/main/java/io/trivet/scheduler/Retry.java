package io.trivet.scheduler;

import io.trivet.cluster.state.Observation;
import io.trivet.cluster.state.Target;

/// The growing pause between tries: a service that failed once after a long run is tried again at
/// once, one that fails again and again ever less often, but never not at all.
final class Retry {
  /// By failures in a row, from the last order to the next one.
  private static final long[] PAUSES_MILLIS = {0, 1_000, 2_000, 5_000, 10_000, 30_000};

  /// For services whose agents restart them: from when it went down.
  private static final long[] PATIENT_PAUSES_MILLIS = {10_000, 10_000, 10_000, 30_000};

  /// A time that lies further ahead than this was written by a clock that is not ours.
  private static final long CLOCK_ERROR_MILLIS = 60_000;

  private Retry() {}

  /// When the next order to start may be given, in the leader's wall time; a time that has passed =
  /// now.
  static long dueAtMillis(Target last, Observation down, boolean restartsByItself, long nowMillis) {
    long[] pauses = restartsByItself ? PATIENT_PAUSES_MILLIS : PAUSES_MILLIS;
    long pause = pauses[Math.min(down.failures(), pauses.length - 1)];
    long from = restartsByItself ? Math.max(last.atMillis(), down.sinceMillis()) : last.atMillis();
    return from > nowMillis + CLOCK_ERROR_MILLIS ? nowMillis : from + pause;
  }
}
