package io.trivet.linux.process;

/// CLOCK_MONOTONIC_RAW (clock_gettime(2)): monotonic like [System#nanoTime], but time
/// synchronisation neither steps nor slews it: it runs as the machine's oscillator does. It stands
/// still while the machine is suspended. Since Linux 2.6.28; about 50 ns a reading.
public final class RawClock {
  private static final int CLOCK_MONOTONIC_RAW = 4;

  private RawClock() {}

  /// Nanoseconds since some moment in the past.
  ///
  /// @throws IllegalStateException where the kernel does not have the clock
  public static long nanos() {
    return Clocks.nanos(CLOCK_MONOTONIC_RAW, "CLOCK_MONOTONIC_RAW");
  }
}
