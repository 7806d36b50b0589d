package io.trivet.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The control groups of a lab's nodes. Each node has one of its own in every hierarchy that
/// systemd uses and in the one with the freezer: with a shared group two systemds would fight over
/// it.
///
/// Three layouts are known: unified only (`/sys/fs/cgroup` is cgroup2), hybrid and legacy
/// (`/sys/fs/cgroup/systemd`, `unified` and `freezer` below it).
public final class ControlGroups {
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  private final List<Path> hierarchies;
  private final @Nullable Path legacyFreezer;
  private final String group;

  private ControlGroups(List<Path> hierarchies, @Nullable Path legacyFreezer, String group) {
    this.hierarchies = hierarchies;
    this.legacyFreezer = legacyFreezer;
    this.group = group;
  }

  /// What this machine has; empty when systemd cannot run in a group of its own here.
  ///
  /// @param group the name of the lab's group at the top of each hierarchy
  public static Optional<ControlGroups> detect(String group) {
    if (Files.exists(MOUNT.resolve("cgroup.controllers"))) {
      return Optional.of(new ControlGroups(List.of(MOUNT), null, group));
    }
    List<Path> found = new ArrayList<>();
    for (String name : new String[] {"systemd", "unified", "freezer"}) {
      if (Files.exists(MOUNT.resolve(name).resolve("cgroup.procs"))) {
        found.add(MOUNT.resolve(name));
      }
    }
    Path freezer = MOUNT.resolve("freezer");
    boolean usable = found.contains(MOUNT.resolve("systemd")) && found.contains(freezer);
    return usable ? Optional.of(new ControlGroups(found, freezer, group)) : Optional.empty();
  }

  /// The group of a node in each hierarchy.
  public List<Path> of(String node) {
    return hierarchies.stream().map(h -> h.resolve(group).resolve(node)).toList();
  }

  /// Stops every process of the node at once, or lets them go on, and waits until it is so. The
  /// kernel of the machine still answers for the node's addresses.
  public void freeze(String node, boolean frozen) throws LabException {
    try {
      if (legacyFreezer != null) {
        Path state = legacyFreezer.resolve(group).resolve(node).resolve("freezer.state");
        String wanted = frozen ? "FROZEN" : "THAWED";
        if (!frozen && !Files.exists(state)) {
          return;
        }
        Files.writeString(state, wanted);
        awaitText(state, wanted);
      } else {
        Path own = MOUNT.resolve(group).resolve(node);
        if (!frozen && !Files.exists(own)) {
          return;
        }
        Files.writeString(own.resolve("cgroup.freeze"), frozen ? "1" : "0");
        awaitText(own.resolve("cgroup.events"), frozen ? "frozen 1" : "frozen 0");
      }
    } catch (IOException e) {
      throw new LabException("cannot freeze or thaw " + node + ": " + e.getMessage(), e);
    }
  }

  /// Kills what is left in the node's groups and removes them.
  public void remove(String node) throws LabException {
    if (of(node).stream().anyMatch(Files::isDirectory)) {
      freeze(node, false); // a frozen process does not die
    }
    for (Path path : of(node)) {
      removeTree(path, true);
    }
  }

  /// Removes the lab's own groups when no node is left.
  public void removeAll() throws LabException {
    for (Path hierarchy : hierarchies) {
      removeTree(hierarchy.resolve(group), true);
    }
  }

  private static void awaitText(Path file, String wanted) throws IOException, LabException {
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (!Files.readString(file).contains(wanted)) {
      if (System.nanoTime() > deadline) {
        throw new LabException(file + " does not become " + wanted);
      }
      Pause.millis(1);
    }
  }

  private static void removeTree(Path top, boolean kill) throws LabException {
    if (!Files.isDirectory(top)) {
      return;
    }
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (true) {
      List<Path> groups = groupsBelow(top);
      long left = 0;
      for (Path each : groups) {
        List<Long> members = kill ? members(each) : List.of();
        members.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        left += members.size();
      }
      if (left == 0 && groups.stream().allMatch(ControlGroups::removed)) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "control group " + top + " does not become empty: see " + top.resolve("cgroup.procs"));
      }
      Pause.millis(10);
    }
  }

  /// Deepest first, so that each can be removed.
  private static List<Path> groupsBelow(Path top) throws LabException {
    try (Stream<Path> tree = Files.find(top, 32, (path, attributes) -> attributes.isDirectory())) {
      return tree.sorted(Comparator.comparingInt(Path::getNameCount).reversed()).toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new LabException("cannot read " + top + ": " + e.getMessage(), e);
    }
  }

  private static List<Long> members(Path controlGroup) {
    try {
      return Files.readAllLines(controlGroup.resolve("cgroup.procs")).stream()
          .map(Long::parseLong)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean removed(Path controlGroup) {
    try {
      Files.deleteIfExists(controlGroup);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
