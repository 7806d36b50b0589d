package io.trivet.lab.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a lab needs of the machine. It looks and tries before anything is made; whatever it makes
/// to try ends with the process that tried.
public final class HostCheck {
  private static final long GIB = 1L << 30;
  private static final long IMAGE_BYTES = 2 * GIB;
  private static final long NODES_BYTES = 4 * GIB;
  private static final long MEMORY_BYTES = 3 * GIB;

  /// Debian packages by the program that is needed of them; the ./trivet script reads the same
  /// list.
  private static final Map<String, String> PROGRAMS = programs();

  private final LabHome home;
  private final boolean imageBuilt;

  /// @param imageBuilt whether the image is there, so that nothing is needed to build it
  public HostCheck(LabHome home, boolean imageBuilt) {
    this.home = home;
    this.imageBuilt = imageBuilt;
  }

  /// Everything that is missing, one sentence each; empty when the lab can be made.
  public List<String> missing() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return List.of("Linux: this is " + System.getProperty("os.name"));
    }
    List<String> missing = new ArrayList<>();
    boolean root = isRoot();
    if (!root) {
      missing.add("root: run it as root (sudo ./trivet lab up)");
    }
    Set<String> packages = new LinkedHashSet<>();
    PROGRAMS.forEach(
        (program, debianPackage) -> {
          if (!onPath(program)) {
            missing.add("the program " + program);
            packages.add(debianPackage);
          }
        });
    if (!packages.isEmpty()) {
      missing.add("install them: apt-get install " + String.join(" ", packages));
    }
    if (ControlGroups.detect("").isEmpty()) {
      missing.add(
          "control groups: neither cgroup2 at /sys/fs/cgroup nor the hierarchies systemd and freezer"
              + " below it are mounted");
    }
    checkSpace(missing);
    if (root && packages.isEmpty()) {
      missing.addAll(kernelLacks());
    }
    return missing;
  }

  /// Says everything that is missing, at once.
  ///
  /// @throws LabException when there is anything
  public void require() throws LabException {
    List<String> missing = missing();
    if (!missing.isEmpty()) {
      throw new LabException(
          "A lab cannot be made on this machine. It lacks:\n  - "
              + String.join("\n  - ", missing)
              + "\nNothing was made or changed.");
    }
  }

  /// Whether this process is root's.
  public static boolean isRoot() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .anyMatch(line -> line.startsWith("Uid:") && line.split("\\s+")[2].equals("0"));
    } catch (IOException e) {
      return false;
    }
  }

  private void checkSpace(List<String> missing) {
    long needed = NODES_BYTES + (imageBuilt ? 0 : IMAGE_BYTES);
    Path existing = home.root();
    while (!Files.isDirectory(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      if (free < needed) {
        missing.add(
            String.format(
                Locale.ROOT,
                "disk: %d GiB free in %s, %.1f GiB there (another place: TRIVET_LAB_HOME)",
                needed / GIB,
                existing,
                (double) free / GIB));
      }
    } catch (IOException e) {
      missing.add("disk: cannot see how much is free in " + existing + ": " + e.getMessage());
    }
    long memory = availableMemory();
    if (memory < MEMORY_BYTES) {
      missing.add(
          String.format(
              Locale.ROOT,
              "memory: %d GiB available, %.1f GiB are",
              MEMORY_BYTES / GIB,
              (double) memory / GIB));
    }
  }

  private static long availableMemory() {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) * 1024)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private static List<String> kernelLacks() {
    String script = resource("capabilities.sh");
    try {
      Command.Finished tried =
          Command.of(
                  "unshare",
                  "--mount",
                  "--net",
                  "--pid",
                  "--uts",
                  "--ipc",
                  "--fork",
                  "--propagation=private",
                  "sh",
                  "-c",
                  script)
              .run();
      if (!tried.ok() && tried.out().isBlank()) {
        return List.of("namespaces: " + tried.err().strip());
      }
      return tried.out().lines().map(line -> "of the kernel: " + line).toList();
    } catch (LabException e) {
      return List.of("namespaces: " + e.getMessage());
    }
  }

  private static boolean onPath(String program) {
    String path = System.getenv("PATH");
    for (String folder : ((path == null ? "" : path + ":") + Command.SYSTEM_PATH).split(":")) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, String> programs() {
    Map<String, String> programs = new LinkedHashMap<>();
    resource("programs.txt")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\\s+"))
        .forEach(words -> programs.put(words[0], words[1]));
    return programs;
  }

  private static String resource(String name) {
    try (InputStream in = HostCheck.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the lab's jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
