package io.trivet.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The machine in a few words, for reports.
public final class Machine {
  private Machine() {}

  /// Processors, memory, kernel.
  public static String describe() {
    return String.format(
        Locale.ROOT,
        "%d processors, %.0f GiB of memory, Linux %s",
        Runtime.getRuntime().availableProcessors(),
        memoryBytes() / (double) (1L << 30),
        System.getProperty("os.version", "?").split("-")[0]);
  }

  private static long memoryBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith("MemTotal:"))
          .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
