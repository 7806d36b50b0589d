package io.trivet.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A process by its number and the time of its start, so that a number that was given to another
/// process since is not mistaken for it.
///
/// @param pid the process number in the machine's namespace
/// @param startTicks start time in clock ticks since boot, field 22 of `/proc/PID/stat` (proc(5))
public record ProcessRef(long pid, long startTicks) {

  /// The process that has this number now.
  public static Optional<ProcessRef> of(long pid) {
    return statField(pid, 22).map(ticks -> new ProcessRef(pid, Long.parseLong(ticks)));
  }

  /// Reads what [#save] wrote; empty when there is no such file or it says nothing useful.
  public static Optional<ProcessRef> load(Path file) {
    try {
      String[] words = Files.readString(file).strip().split(" ");
      return words.length == 2
          ? Optional.of(new ProcessRef(Long.parseLong(words[0]), Long.parseLong(words[1])))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// Writes it down for a later run of the lab.
  public void save(Path file) throws LabException {
    try {
      Files.writeString(file, pid + " " + startTicks + "\n");
    } catch (IOException e) {
      throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /// Whether the process is still there. A zombie is not.
  public boolean alive() {
    return statField(pid, 22).map(ticks -> Long.parseLong(ticks) == startTicks).orElse(false)
        && !statField(pid, 3).orElse("Z").equals("Z");
  }

  /// Sends SIGKILL, if it is still the same process.
  public void kill() {
    if (alive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /// Counted from 1; the name in field 2 may hold blanks and brackets.
  private static Optional<String> statField(long pid, int field) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Optional.of(afterName[field - 3]);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
