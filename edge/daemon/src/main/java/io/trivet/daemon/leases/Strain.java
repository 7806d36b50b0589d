package io.trivet.daemon.leases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What this machine has kept a thread from so far, as counters that only grow. The difference of
/// two of them is a likely cause of what was late in between.
///
/// @param waitedNanos how long the thread was ready and had no processor
/// @param stolenNanos how long the host of a virtual machine ran others, over all processors
/// @param faults how many pages of this process had to be read from disk
/// @param memoryNanos how long some thread of the machine waited for memory
/// @param storageNanos how long some thread of the machine waited for storage
record Strain(
    long waitedNanos, long stolenNanos, long faults, long memoryNanos, long storageNanos) {
  /// Unit of `/proc/stat`, the same on every machine that Java runs on (USER_HZ, time(7)).
  private static final long TICK_NANOS = 10_000_000L;

  private static final Path PROC = Path.of("/proc");

  /// Now. What the kernel does not tell counts as nothing.
  ///
  /// @param thread the kernel's id of the thread
  static Strain of(int thread) {
    return new Strain(
        field(PROC.resolve("self/task/" + thread + "/schedstat"), "", 1),
        TICK_NANOS * field(PROC.resolve("stat"), "cpu ", 7),
        field(PROC.resolve("self/stat"), "", 11),
        1_000 * pressure("memory"),
        1_000 * pressure("io"));
  }

  private static long pressure(String what) {
    return field(PROC.resolve("pressure/" + what), "some ", 3);
  }

  /// A number in the first line that begins so, counted from 0 behind that beginning; `name=`
  /// before it and a name in parentheses do not count.
  private static long field(Path file, String beginning, int index) {
    try {
      return Files.readString(file)
          .lines()
          .filter(line -> line.startsWith(beginning))
          .findFirst()
          .map(line -> number(line.substring(beginning.length()), index))
          .orElse(0L);
    } catch (IOException e) {
      return 0;
    }
  }

  private static long number(String line, int index) {
    String[] fields = line.replaceFirst("\\(.*\\)", "x").strip().split("\\s+");
    String field = index < fields.length ? fields[index] : "";
    try {
      return Long.parseLong(field.substring(field.indexOf('=') + 1));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// Why something between the two was so late, in a clause for people.
  static String likely(Strain before, Strain after, long lateNanos) {
    long enough = lateNanos / 4;
    if (after.stolenNanos - before.stolenNanos > enough) {
      return "the host of this virtual machine ran others for "
          + millis(after.stolenNanos - before.stolenNanos);
    }
    if (after.faults > before.faults) {
      return after.faults - before.faults + " of its pages had to be read from disk";
    }
    if (after.waitedNanos - before.waitedNanos > enough) {
      return "it was ready and had no processor for "
          + millis(after.waitedNanos - before.waitedNanos);
    }
    if (after.memoryNanos - before.memoryNanos > enough) {
      return "the machine is short of memory";
    }
    if (after.storageNanos - before.storageNanos > enough) {
      return "the machine waits for its storage";
    }
    return "of a call of its own, or the machine stood still: the kernel counted nothing else";
  }

  private static String millis(long nanos) {
    return nanos / 1_000_000 + " ms";
  }
}
