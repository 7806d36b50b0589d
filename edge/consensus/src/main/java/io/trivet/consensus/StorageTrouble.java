package io.trivet.consensus;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Locale;

/// Why the log of this member stands still, or will with the next entry. It is tried again every
/// second; nothing of it is lost meanwhile, and it goes on by itself when the cause is gone.
///
/// @param kind what kind of trouble it is
/// @param what what is wrong and where, one sentence
/// @param remedy what to do, one sentence
public record StorageTrouble(Kind kind, String what, String remedy) {
  /// The kinds that ask for different things of a person.
  public enum Kind {
    /// No space, no quota or no inode (ENOSPC, EDQUOT).
    DISK_FULL,
    /// The file system is mounted, or was remounted by the kernel, for reading only (EROFS).
    READ_ONLY,
    /// The device does not do what it is told (EIO).
    DISK_BROKEN,
    /// Owner, mode or a security module (EACCES, EPERM).
    NO_ACCESS,
    /// The process has too many files open (EMFILE, ENFILE).
    TOO_MANY_FILES,
    /// The content of the storage is not what was written.
    DAMAGED,
    /// Anything else.
    OTHER
  }

  /// @param where the storage directory
  static StorageTrouble of(Path where, Throwable cause) {
    for (Throwable next = cause; next != null; next = next.getCause()) {
      if (next instanceof StorageUnusable unusable) {
        return new StorageTrouble(Kind.DAMAGED, unusable.what(), unusable.whatToDo());
      }
    }
    Kind kind = Kind.OTHER;
    Throwable deepest = cause;
    for (Throwable next = cause; next != null; next = next.getCause()) {
      kind = kind == Kind.OTHER && next instanceof IOException io ? kindOf(io) : kind;
      deepest = next;
    }
    return switch (kind) {
      case DISK_FULL -> full(where);
      case READ_ONLY ->
          new StorageTrouble(
              kind,
              "the file system of " + where + " is read-only",
              "see dmesg for why; repair it and mount it for writing");
      case DISK_BROKEN ->
          new StorageTrouble(
              kind,
              "the disk of " + where + " fails (input/output error)",
              "see dmesg; replace the disk");
      case NO_ACCESS ->
          new StorageTrouble(
              kind,
              "access to " + where + " is denied (" + deepest.getMessage() + ")",
              "check owner and mode: root, 0700");
      case TOO_MANY_FILES ->
          new StorageTrouble(
              kind,
              "too many files are open",
              "see which: ls /proc/$(systemctl show -P MainPID trivetd)/fd; restart trivetd");
      case DAMAGED, OTHER ->
          new StorageTrouble(
              Kind.OTHER,
              "the replicated log in " + where + " has stopped (" + deepest + ")",
              "see journalctl -u trivetd");
    };
  }

  static StorageTrouble full(Path where) {
    return new StorageTrouble(
        Kind.DISK_FULL,
        "the disk of " + where + " is full",
        "make room there: see df -h " + where + " and df -i " + where);
  }

  /// By the words of strerror(3), which is all that Java passes on.
  private static Kind kindOf(IOException e) {
    String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (said.contains("no space left") || said.contains("quota exceeded")) {
      return Kind.DISK_FULL;
    }
    if (said.contains("read-only file system")) {
      return Kind.READ_ONLY;
    }
    if (said.contains("input/output error")) {
      return Kind.DISK_BROKEN;
    }
    if (said.contains("too many open files")) {
      return Kind.TOO_MANY_FILES;
    }
    return e instanceof AccessDeniedException
            || said.contains("permission denied")
            || said.contains("operation not permitted")
        ? Kind.NO_ACCESS
        : Kind.OTHER;
  }
}
