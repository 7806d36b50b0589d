package io.trivet.daemon.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Processor time of processes, as the kernel counts it for each (proc_pid_stat(5)): for machines
/// on which it does not count it for control groups.
final class ProcessTimes {
  /// Fields of `/proc/PID/stat` after the name, counted from the state: utime, stime, and those of
  /// children that have ended.
  private static final int FIRST = 11;

  private static final int LAST = 14;

  /// `USER_HZ` is 100 on every machine that Linux has for this.
  private static final long TICK_NANOS = 10_000_000L;

  private ProcessTimes() {}

  /// What these have used together, -1 if none of them is there.
  static long nanos(List<Long> ids) {
    long ticks = 0;
    boolean any = false;
    for (long id : ids) {
      try {
        ticks +=
            ticks(Files.readString(Path.of("/proc/" + id + "/stat"), StandardCharsets.ISO_8859_1));
        any = true;
      } catch (IOException e) {
        // It has ended.
      }
    }
    return any ? ticks * TICK_NANOS : -1;
  }

  /// @param stat the line; the name in it is in parentheses and may have any character
  static long ticks(String stat) throws IOException {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    if (fields.length <= LAST) {
      throw new IOException("not what /proc/PID/stat is: " + stat);
    }
    long ticks = 0;
    for (int i = FIRST; i <= LAST; i++) {
      try {
        ticks += Long.parseLong(fields[i]);
      } catch (NumberFormatException e) {
        throw new IOException("not what /proc/PID/stat is: " + stat, e);
      }
    }
    return ticks;
  }
}
