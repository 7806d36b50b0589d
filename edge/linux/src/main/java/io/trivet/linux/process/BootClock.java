package io.trivet.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.trivet.linux.ffi.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// CLOCK_BOOTTIME (clock_gettime(2)): monotonic like [System#nanoTime], but it counts the time in
/// which the machine was suspended too.
public final class BootClock {
  private static final int CLOCK_BOOTTIME = 7;
  private static final ThreadLocal<MemorySegment> TIMESPEC =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(16, 8));

  private BootClock() {}

  /// Nanoseconds since the machine was booted.
  public static long nanos() {
    MemorySegment timespec = TIMESPEC.get();
    if (Libc.clockGettime(CLOCK_BOOTTIME, timespec) < 0) {
      throw new IllegalStateException("CLOCK_BOOTTIME is missing; it exists since Linux 2.6.39");
    }
    return timespec.get(JAVA_LONG, 0) * 1_000_000_000L + timespec.get(JAVA_LONG, 8);
  }
}
