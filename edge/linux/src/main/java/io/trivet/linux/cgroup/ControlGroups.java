package io.trivet.linux.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cgroup2 file system of this machine: where systemd keeps the processes of its units, on
/// machines with the old hierarchies beside it as well.
///
/// Paths of groups are relative to its root, without a leading slash: `a.slice/b.service`.
public final class ControlGroups {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  /// Number of the first namespace of control groups (PROC_CGROUP_INIT_INO).
  private static final String FIRST_NAMESPACE = "cgroup:[4026531835]";

  private final Path root;

  private ControlGroups(Path root) {
    this.root = root;
  }

  /// Finds the file system.
  ///
  /// @throws IOException when the machine has none
  public static ControlGroups open() throws IOException {
    for (String line : Files.readAllLines(MOUNTS, StandardCharsets.UTF_8)) {
      Path mount = mount(line);
      if (mount != null) {
        return new ControlGroups(mount);
      }
    }
    throw new IOException(
        "this machine has no cgroup2 file system (mount -t cgroup2 shows none); systemd needs one for unified or hybrid control groups");
  }

  /// proc_pid_mountinfo(5): the type stands after the hyphen, the mount point is the fifth field.
  static @Nullable Path mount(String line) {
    String[] halves = line.split(" - ", 2);
    String[] fields = halves[0].split(" ", -1);
    boolean found = halves.length == 2 && halves[1].startsWith("cgroup2 ") && fields.length > 4;
    return found ? Path.of(fields[4].replace("\\040", " ")) : null;
  }

  /// True where depths are counted from the root that this process sees: on the machine itself, and
  /// in a container since Linux 6.11 (nft_socket counts from the real root before).
  public static boolean depthsCountFromHere(String kernelRelease) throws IOException {
    Path namespace = Path.of("/proc/self/ns/cgroup");
    if (Files.readSymbolicLink(namespace).toString().equals(FIRST_NAMESPACE)) {
      return true;
    }
    String[] parts = kernelRelease.split("[^0-9]+", 3);
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      return false;
    }
    int major = Integer.parseInt(parts[0]);
    return major > 6 || major == 6 && Integer.parseInt(parts[1]) >= 11;
  }

  /// Makes a group, with those above it, where it is missing.
  ///
  /// @return its number: the inode of its directory, never used again while the machine runs
  public long ensure(String group) throws IOException {
    Path directory = root.resolve(group);
    Files.createDirectories(directory);
    return number(directory);
  }

  /// The number of a group, or -1 if there is none.
  public long number(String group) throws IOException {
    try {
      return number(root.resolve(group));
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  private static long number(Path directory) throws IOException {
    return ((Number) Files.getAttribute(directory, "unix:ino")).longValue();
  }

  /// Names of the groups right below a group, in order; none where there is no such group.
  public List<String> below(String group) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(root.resolve(group), Files::isDirectory)) {
      found.forEach(path -> names.add(String.valueOf(path.getFileName())));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    return names;
  }

  /// The processes right in a group, and those in groups below it when `kill` ends them.
  public List<Long> processes(String group) throws IOException {
    try {
      return Files.readAllLines(root.resolve(group).resolve("cgroup.procs")).stream()
          .map(Long::valueOf)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /// True if a process runs in the group or below it.
  public boolean populated(String group) throws IOException {
    try {
      return Files.readAllLines(root.resolve(group).resolve("cgroup.events"))
          .contains("populated 1");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// Sends SIGKILL to every process in the group and below it, those that fork meanwhile and frozen
  /// ones included (Linux 5.14). Their end may take a moment: see [#populated]. Without such a
  /// group, nothing happens.
  public void kill(String group) throws IOException {
    try {
      Files.writeString(root.resolve(group).resolve("cgroup.kill"), "1");
    } catch (NoSuchFileException e) {
      if (number(group) >= 0) {
        throw e; // an older kernel
      }
    }
  }

  /// Removes a group that is empty; one that is not stays.
  public void remove(String group) throws IOException {
    try {
      Files.deleteIfExists(root.resolve(group));
    } catch (DirectoryNotEmptyException e) {
      throw new IOException(group + " has groups below it", e);
    }
  }
}
