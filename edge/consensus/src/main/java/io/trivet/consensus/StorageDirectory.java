package io.trivet.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// Looks at the storage before the log opens it, so that a directory that is not this member's, or
/// not whole, is refused instead of being formatted.
///
/// ```
/// <storageDirectory>/member                 the name of the member, written once
/// <storageDirectory>/raft-meta.copy         second copies of what holds a promise, see [SecondCopy]
/// <storageDirectory>/raft-meta.conf.copy
/// <storageDirectory>/<group>/current/       raft-meta (term and vote), log segments
/// <storageDirectory>/<group>/sm/            snapshots
/// ```
final class StorageDirectory {
  private static final String PROBE = "probe" + KeptFile.DRAFT;

  /// Room for a segment that begins, a snapshot and the files beside: less, and the log would stand
  /// still again at once.
  private static final int PROBE_BYTES = 2 << 20;

  private static final String EMPTY_MEMBER =
      "if the other members are well (trivet status there says quorum), move this directory away: this member then copies"
          + " everything from the leader. Do so on one member at a time, never on a majority: trivet runbook log-damaged";

  private static final List<String> HARMLESS =
      List.of("lost+found", "member.new", "member" + KeptFile.DRAFT, PROBE);

  private final Path root;
  private final String self;
  private final Path group;

  StorageDirectory(Path root, String self, UUID group) {
    this.root = root;
    this.self = self;
    this.group = root.resolve(group.toString());
  }

  /// Makes the directory when there is none, and puts right what can be.
  ///
  /// @throws StorageUnusable when it is another member's, incomplete or damaged
  /// @throws IOException when it cannot be read or written at present
  void prepare() throws IOException {
    makeRoot();
    removeDrafts(root);
    removeDrafts(current());
    checkOwner();
    checkShape();
    LogSegments.check(current(), EMPTY_MEMBER);
    Snapshots.check(group.resolve("sm"), current(), EMPTY_MEMBER);
  }

  private void makeRoot() throws IOException {
    if (Files.notExists(root)) {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (!Files.isDirectory(root)) {
      throw new StorageUnusable(root, "it is not a directory", "move the file away");
    }
  }

  /// After a failure in this process: what the kernel shows must be on the disk.
  void writeAgain() throws IOException {
    LogSegments.writeAgain(current());
  }

  /// What Ratis said when it could not start: why it cannot write, or that its files are damaged.
  IOException refused(Throwable cause) {
    StorageTrouble trouble = StorageTrouble.of(root, cause);
    return trouble.kind() == StorageTrouble.Kind.OTHER
        ? new StorageUnusable(
            group, "it is damaged (" + rootCause(cause) + ")", EMPTY_MEMBER, cause)
        : new IOException(trouble.what(), cause);
  }

  /// Whether there is room left for what the log writes next, as far as the file system says.
  boolean roomLeft() throws IOException {
    return Files.getFileStore(root).getUsableSpace() >= PROBE_BYTES;
  }

  /// Finds out whether there is room, by writing; makes the directory when there is none.
  void probe() throws IOException {
    makeRoot();
    Path file = root.resolve(PROBE);
    try {
      try (FileChannel out =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer block = ByteBuffer.allocate(64 << 10);
        while (out.position() < PROBE_BYTES) {
          out.write(block.rewind());
        }
        // Space may be given out only now (delayed allocation).
        out.force(false);
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /// What was being written when the power went; the name is given when it is whole.
  private static void removeDrafts(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path draft :
          entries.filter(e -> e.getFileName().toString().endsWith(KeptFile.DRAFT)).toList()) {
        Files.delete(draft);
      }
    }
  }

  private Path current() {
    return group.resolve("current");
  }

  private void checkOwner() throws IOException {
    Path marker = root.resolve("member");
    if (Files.exists(marker)) {
      String owner = Files.readString(marker, StandardCharsets.ISO_8859_1).strip();
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
    KeptFile.write(marker, (self + "\n").getBytes(StandardCharsets.UTF_8));
    KeptFile.forceFolderOf(root);
  }

  private void checkShape() throws IOException {
    SecondCopy vote = SecondCopy.of(current().resolve(SecondCopy.VOTE));
    SecondCopy configuration = SecondCopy.of(current().resolve(SecondCopy.CONFIGURATION));
    boolean whole = Files.exists(current());
    if (vote == null || configuration == null) {
      throw new IllegalStateException("these two have copies");
    }
    if (!whole && vote.exists() && Files.notExists(group.resolve("sm"))) {
      throw new StorageUnusable(
          current(), "the log is missing although a vote is kept beside it", EMPTY_MEMBER);
    }
    if (!whole && Files.notExists(group)) {
      return;
    }
    vote.reconcile(EMPTY_MEMBER);
    configuration.reconcile(EMPTY_MEMBER);
    // Both empty: the very first start was interrupted before anything was promised to anybody.
    boolean neverUsed = isEmpty(current()) && isEmpty(group.resolve("sm"));
    if (Files.notExists(current().resolve(SecondCopy.VOTE)) && !neverUsed) {
      throw new StorageUnusable(
          current().resolve(SecondCopy.VOTE),
          "the file with term and vote is missing",
          EMPTY_MEMBER);
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
