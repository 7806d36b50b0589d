package io.trivet.services.unit;

import java.util.List;

/// How long to wait before a service is started again: 0.2, 1, 2, 5, then 10 s. The first failure
/// of a service that ran well costs little; one that cannot run does not eat the machine.
public final class Backoff {
  private static final long MILLI = 1_000_000L;
  private static final List<Long> STEPS_NANOS =
      List.of(200 * MILLI, 1_000 * MILLI, 2_000 * MILLI, 5_000 * MILLI, 10_000 * MILLI);

  /// A service that ran this long starts again at the first step.
  public static final long STABLE_NANOS = 60_000 * MILLI;

  private Backoff() {}

  /// The pause after `failures` failures in a row (1 = the first one).
  public static long pauseNanos(int failures) {
    int step = Math.clamp(failures - 1, 0, STEPS_NANOS.size() - 1);
    return STEPS_NANOS.get(step);
  }
}
