package io.trivet.linux.process;

import io.trivet.linux.Errno;
import io.trivet.linux.ffi.Libc;
import java.util.Optional;

/// Scheduling of the calling thread, which must be a platform thread (a virtual one would change
/// its carrier).
///
/// Both calls need CAP_SYS_NICE, and a control group may forbid the first (CONFIG_RT_GROUP_SCHED
/// without a budget: EPERM). A refusal is returned, not thrown: a daemon runs without it, only less
/// punctually.
public final class CurrentThread {
  private static final int SCHED_OTHER = 0;
  private static final int SCHED_RR = 2;
  private static final int SCHED_RESET_ON_FORK = 0x40000000;
  private static final int PRIO_PROCESS = 0;

  private CurrentThread() {}

  /// Makes the thread a real-time one (sched(7), SCHED_RR). Threads and processes that it starts
  /// are ordinary ones.
  ///
  /// @param priority 1 (least) to 99
  /// @return empty when done, else why not
  public static Optional<Errno> roundRobin(int priority) {
    requirePlatformThread();
    return refusal(Libc.schedSetscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, priority));
  }

  /// Makes the thread an ordinary one (sched(7), SCHED_OTHER); its nice value counts again. Every
  /// thread may.
  ///
  /// @return empty when done, else why not
  public static Optional<Errno> ordinary() {
    requirePlatformThread();
    return refusal(Libc.schedSetscheduler(0, SCHED_OTHER, 0));
  }

  /// Sets the nice value of this thread alone (setpriority(2), on Linux a thread has its own).
  ///
  /// @param nice -20 (first) to 19
  /// @return empty when done, else why not
  public static Optional<Errno> nice(int nice) {
    requirePlatformThread();
    return refusal(Libc.setpriority(PRIO_PROCESS, 0, nice));
  }

  /// The kernel's id of this thread.
  public static int id() {
    requirePlatformThread();
    return Libc.gettid();
  }

  static Optional<Errno> refusal(int result) {
    return result < 0 ? Optional.of(new Errno(-result)) : Optional.empty();
  }

  private static void requirePlatformThread() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          "not for virtual threads: it would change the thread that carries them");
    }
  }
}
