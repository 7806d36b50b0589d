package io.trivet.daemon.effect;

import io.trivet.linux.LinuxException;
import io.trivet.linux.file.Folder;
import io.trivet.services.agent.OnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whole small text files, also in folders that belong to the users of services: what those put
/// there is never followed, see [Folder].
public final class Files {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_NAMES = 10_000;

  /// Less room than this is none.
  private static final long LEAST_BYTES = 1 << 20;

  /// What the file that an operator or a package had written is called after Trivet replaced it.
  public static final String BEFORE = ".before-trivet";

  private Files() {}

  /// The file's text; null when there is none or it cannot be read, or is longer than 1 MiB.
  public static @Nullable String read(String path) {
    try {
      return readIfThere(path);
    } catch (IOException e) {
      return null;
    }
  }

  /// The file's text; null when there is none.
  ///
  /// @throws IOException when there is one and it cannot be read, is no regular file, or is longer
  ///   than 1 MiB
  public static @Nullable String readIfThere(String path) throws IOException {
    Path file = Path.of(path).toAbsolutePath();
    try (Folder folder = Folder.open(folderOf(file))) {
      byte[] content = folder.read(nameOf(file), MAX_BYTES);
      return content == null ? null : new String(content, StandardCharsets.UTF_8);
    } catch (io.trivet.linux.ErrnoException e) {
      if (e.errno().equals(io.trivet.linux.Errno.ENOENT)) {
        return null;
      }
      throw e;
    }
  }

  /// The file's text, or that there is certainly none, or why nobody can tell. What [#readIfThere]
  /// refuses is unreadable: half a text is none.
  public static OnDisk<String> look(String path) {
    try {
      String text = readIfThere(path);
      return text == null ? new OnDisk.Absent<>() : new OnDisk.There<>(text);
    } catch (IOException e) {
      return new OnDisk.Unreadable<>("cannot read " + path + ": " + e.getMessage());
    }
  }

  /// The names in the folder, sorted; at most 10,000 of them, more counts as unreadable.
  public static OnDisk<List<String>> list(String path) {
    List<String> names = new ArrayList<>();
    try (var entries = java.nio.file.Files.newDirectoryStream(Path.of(path))) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
        if (names.size() > MAX_NAMES) {
          return new OnDisk.Unreadable<>(path + " has more than " + MAX_NAMES + " entries");
        }
      }
    } catch (NoSuchFileException e) {
      return new OnDisk.Absent<>();
    } catch (DirectoryIteratorException e) {
      return new OnDisk.Unreadable<>("cannot list " + path + ": " + e.getCause());
    } catch (IOException e) {
      return new OnDisk.Unreadable<>("cannot list " + path + ": " + e);
    }
    Collections.sort(names);
    return new OnDisk.There<>(List.copyOf(names));
  }

  /// Why nothing can be written in the folder, empty if it can: as root, only the file system says
  /// no. A folder that is not there is somebody else's question. Nothing is written for it: the
  /// kernel knows what it made read-only, and how much room is left to those who are not root.
  public static String whyNotWritable(String folder) {
    Path path = Path.of(folder);
    try {
      path.getFileSystem().provider().checkAccess(path, java.nio.file.AccessMode.WRITE);
    } catch (NoSuchFileException e) {
      return "";
    } catch (java.nio.file.FileSystemException e) {
      return folder + ": " + (e.getReason() == null ? "permission denied" : e.getReason());
    } catch (IOException e) {
      return folder + ": " + e.getMessage();
    }
    java.io.File room = path.toFile();
    boolean counted = room.getTotalSpace() > 0;
    return counted && room.getUsableSpace() < LEAST_BYTES ? folder + ": no space left" : "";
  }

  /// Replaces the file so that nobody ever sees half of it: a new file beside it, forced to disk,
  /// renamed over it, and the folder forced.
  ///
  /// @param mode permissions in octal, such as `0640`
  /// @param owner `user:group`
  public static void replace(String path, String text, String mode, String owner)
      throws IOException {
    Path file = Path.of(path).toAbsolutePath();
    String[] names = owner.split(":", -1);
    try (Folder folder = Folder.openOrMake(folderOf(file))) {
      folder.replace(
          nameOf(file),
          text.getBytes(StandardCharsets.UTF_8),
          Integer.parseInt(mode, 8),
          names[0],
          names.length > 1 ? names[1] : names[0]);
    }
  }

  /// Keeps what is there now under the name with [#BEFORE], once: a file of that name is never
  /// overwritten, so what was there before Trivet stays.
  ///
  /// @return the name it was kept under; null where there was nothing to keep
  public static @Nullable String keepBefore(String path) throws IOException {
    Path file = Path.of(path).toAbsolutePath();
    String kept = nameOf(file) + BEFORE;
    try (Folder folder = Folder.openOrMake(folderOf(file))) {
      byte[] content = folder.read(nameOf(file), MAX_BYTES);
      if (content == null || folder.read(kept, MAX_BYTES) != null) {
        return null;
      }
      folder.replace(kept, content, 0600, "root", "root");
      return file.resolveSibling(kept).toString();
    }
  }

  private static Path folderOf(Path file) throws LinuxException {
    Path parent = file.getParent();
    if (parent == null) {
      throw new io.trivet.linux.UntrustedFileException(
          "use " + file, "it is not a file in a folder");
    }
    return parent;
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName());
  }
}
