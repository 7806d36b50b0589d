package io.trivet.linux.process;

/// CLOCK_BOOTTIME (clock_gettime(2)): monotonic like [System#nanoTime], but it counts the time in
/// which the machine was suspended too. Since Linux 2.6.39.
public final class BootClock {
  private static final int CLOCK_BOOTTIME = 7;

  private BootClock() {}

  /// Nanoseconds since the machine was booted.
  public static long nanos() {
    return Clocks.nanos(CLOCK_BOOTTIME, "CLOCK_BOOTTIME");
  }
}
