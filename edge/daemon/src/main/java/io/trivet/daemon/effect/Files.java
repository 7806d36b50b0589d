package io.trivet.daemon.effect;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whole small text files.
public final class Files {
  private static final int MAX_BYTES = 1 << 20;

  private Files() {}

  /// The file's text; null when there is none or it cannot be read; at most 1 MiB of it.
  public static @Nullable String read(String path) {
    try (var in = java.nio.file.Files.newInputStream(Path.of(path))) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return null;
    }
  }

  /// Replaces the file so that nobody ever sees half of it: a new file beside it, forced to disk,
  /// renamed over it. A file that has this text already is left alone.
  ///
  /// @param mode permissions in octal, such as `0640`
  /// @param owner `user:group`
  public static void replace(String path, String text, String mode, String owner)
      throws IOException {
    Path target = Path.of(path);
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(path + " is not a file in a folder");
    }
    java.nio.file.Files.createDirectories(parent);
    FileAttribute<Set<PosixFilePermission>> secret =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path beside = parent.resolve("." + target.getFileName() + ".new");
    java.nio.file.Files.deleteIfExists(beside);
    java.nio.file.Files.createFile(beside, secret);
    try {
      java.nio.file.Files.writeString(beside, text, StandardOpenOption.WRITE);
      own(beside, owner);
      java.nio.file.Files.setPosixFilePermissions(beside, permissions(mode));
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      java.nio.file.Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      java.nio.file.Files.deleteIfExists(beside);
    }
  }

  private static void own(Path file, String owner) throws IOException {
    String[] names = owner.split(":", -1);
    UserPrincipalLookupService accounts = file.getFileSystem().getUserPrincipalLookupService();
    PosixFileAttributeView view =
        java.nio.file.Files.getFileAttributeView(file, PosixFileAttributeView.class);
    try {
      view.setOwner(accounts.lookupPrincipalByName(names[0]));
      view.setGroup(accounts.lookupPrincipalByGroupName(names.length > 1 ? names[1] : names[0]));
    } catch (java.nio.file.attribute.UserPrincipalNotFoundException e) {
      throw new NoSuchFileException(file.toString(), null, "no such user or group: " + e.getName());
    }
  }

  private static Set<PosixFilePermission> permissions(String mode) {
    int bits = Integer.parseInt(mode, 8);
    Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] inOrder = PosixFilePermission.values();
    for (int i = 0; i < inOrder.length; i++) {
      // values() go from OWNER_READ (0400) down to OTHERS_EXECUTE (0001).
      if ((bits & (0400 >> i)) != 0) {
        all.add(inOrder[i]);
      }
    }
    return all;
  }
}
