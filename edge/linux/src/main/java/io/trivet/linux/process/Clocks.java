package io.trivet.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.trivet.linux.ffi.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Reads the kernel's clocks by their numbers (linux/time.h).
final class Clocks {
  private static final ThreadLocal<MemorySegment> TIMESPEC =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(16, 8));

  private Clocks() {}

  static long nanos(int clock, String name) {
    MemorySegment timespec = TIMESPEC.get();
    int result = Libc.clockGettime(clock, timespec);
    if (result < 0) {
      throw new IllegalStateException(name + " cannot be read: errno " + -result);
    }
    return timespec.get(JAVA_LONG, 0) * 1_000_000_000L + timespec.get(JAVA_LONG, 8);
  }
}
