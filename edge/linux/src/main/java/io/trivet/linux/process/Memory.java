package io.trivet.linux.process;

import io.trivet.linux.Errno;
import io.trivet.linux.ffi.Libc;
import java.util.Optional;

/// The memory of this process.
public final class Memory {
  private static final int MCL_CURRENT = 1;
  private static final int MCL_FUTURE = 2;
  private static final int MCL_ONFAULT = 4;

  private Memory() {}

  /// Gives back to the kernel what was allocated outside the heap, freed, and kept for later
  /// (malloc_trim(3)). Not possible any more for what is locked. Takes milliseconds, in which no
  /// other thread can allocate outside the heap.
  public static void trim() {
    Libc.mallocTrim(0);
  }

  /// Keeps what is in memory there, so that nothing is swapped out (mlockall(2)). Pages that were
  /// never touched are not brought in.
  ///
  /// @param future also what is mapped later; then a later mapping fails when the limit
  ///   (RLIMIT_MEMLOCK) is reached
  /// @return empty when done, else why not: ENOMEM or EPERM when the limit is too low
  public static Optional<Errno> lock(boolean future) {
    return CurrentThread.refusal(
        Libc.mlockall(MCL_CURRENT | MCL_ONFAULT | (future ? MCL_FUTURE : 0)));
  }
}
