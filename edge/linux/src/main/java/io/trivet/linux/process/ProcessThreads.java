package io.trivet.linux.process;

import io.trivet.linux.Errno;
import io.trivet.linux.ffi.Libc;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/// Scheduling of the threads of this process, those of the virtual machine too.
public final class ProcessThreads {
  private static final int SCHED_RR = 2;
  private static final Path TASKS = Path.of("/proc/self/task");

  private ProcessThreads() {}

  /// Makes threads that there are now real-time ones (sched(7), SCHED_RR). What they start from now
  /// on is real-time, too. Needs CAP_SYS_NICE, and a control group that allows it.
  ///
  /// @param priority 1 (least) to 99
  /// @param which tells by the first 15 bytes of a thread's name; the others stay as they are
  /// @return empty when done; else why not at the first that was refused, and the rest is not tried
  /// @throws IOException when the threads cannot be listed: /proc is not there
  public static Optional<Errno> roundRobin(int priority, Predicate<String> which)
      throws IOException {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        String name = name(task);
        if (name.isEmpty() || !which.test(name)) {
          continue;
        }
        int id = Integer.parseInt(task.getFileName().toString());
        Optional<Errno> refused =
            CurrentThread.refusal(Libc.schedSetscheduler(id, SCHED_RR, priority))
                .filter(errno -> !errno.equals(Errno.ESRCH)); // It has ended meanwhile.
        if (refused.isPresent()) {
          return refused;
        }
      }
    }
    return Optional.empty();
  }

  /// Empty for a thread that has ended meanwhile.
  private static String name(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
