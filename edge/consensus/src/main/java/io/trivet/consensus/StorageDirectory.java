package io.trivet.consensus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// Looks at the storage before the log opens it, so that a directory that is not this member's, or
/// not whole, is refused instead of being formatted.
///
/// ```
/// <storageDirectory>/member                 the name of the member, written once
/// <storageDirectory>/<group>/current/       raft-meta (term and vote), log segments
/// <storageDirectory>/<group>/sm/            snapshots
/// ```
final class StorageDirectory {
  private static final String EMPTY_MEMBER =
      "if the other members are well, move this directory away and start again: this member then copies everything from"
          + " the leader. Do so on one member at a time, never on a majority.";

  private static final List<String> HARMLESS = List.of("lost+found", "member.new");

  private final Path root;
  private final String self;
  private final Path group;

  StorageDirectory(Path root, String self, UUID group) {
    this.root = root;
    this.self = self;
    this.group = root.resolve(group.toString());
  }

  /// Makes the directory when there is none.
  ///
  /// @throws StorageUnusable when it is another member's, incomplete, damaged or not accessible
  void prepare() throws StorageUnusable {
    try {
      if (Files.notExists(root)) {
        Files.createDirectories(
            root,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      if (!Files.isDirectory(root)) {
        throw new StorageUnusable(root, "it is not a directory", "move the file away");
      }
      checkOwner();
      checkShape();
      LogSegments.check(group.resolve("current"), EMPTY_MEMBER);
    } catch (StorageUnusable e) {
      throw e;
    } catch (IOException e) {
      throw new StorageUnusable(
          root,
          "it cannot be read or written (" + e + ")",
          "check owner, mode and mount of the directory",
          e);
    }
  }

  /// What Ratis said when it could not start, in the same form.
  StorageUnusable damaged(Throwable cause) {
    return new StorageUnusable(
        group, "it is damaged (" + rootCause(cause) + ")", EMPTY_MEMBER, cause);
  }

  private void checkOwner() throws IOException {
    Path marker = root.resolve("member");
    if (Files.exists(marker)) {
      String owner = Files.readString(marker).strip();
      if (!owner.equals(self)) {
        throw new StorageUnusable(
            marker,
            "it belongs to the member \"" + owner + "\", and this is \"" + self + "\"",
            "a copied disk image must not bring the log of another member along: move the directory away, or correct"
                + " the name of this member");
      }
      return;
    }
    try (Stream<Path> entries = Files.list(root)) {
      List<Path> found =
          entries.filter(entry -> !HARMLESS.contains(entry.getFileName().toString())).toList();
      if (!found.isEmpty()) {
        throw new StorageUnusable(
            root,
            "the file \"member\" is missing although the directory holds " + found.getFirst(),
            EMPTY_MEMBER);
      }
    }
    Path draft = root.resolve("member.new");
    Files.writeString(draft, self + "\n");
    Files.move(draft, marker, StandardCopyOption.ATOMIC_MOVE);
  }

  private void checkShape() throws IOException {
    if (Files.notExists(group)) {
      return;
    }
    Path vote = group.resolve("current").resolve("raft-meta");
    // Both empty: the very first start was interrupted before anything was promised to anybody.
    boolean neverUsed = isEmpty(group.resolve("current")) && isEmpty(group.resolve("sm"));
    if (Files.notExists(vote) && !neverUsed) {
      throw new StorageUnusable(vote, "the file with term and vote is missing", EMPTY_MEMBER);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return true;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  private static Throwable rootCause(Throwable cause) {
    Throwable deepest = cause;
    for (Throwable next = cause; next != null; next = next.getCause()) {
      deepest = next;
    }
    return deepest;
  }
}
