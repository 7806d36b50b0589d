package io.trivet.linux.file;

import static io.trivet.linux.ErrnoException.check;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.UntrustedFileException;
import io.trivet.linux.ffi.Libc;
import io.trivet.linux.ffi.LibcFiles;
import io.trivet.linux.ffi.LibcFiles.Stat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// An open folder, for a root process that works in folders of others (a database's, a broker's).
/// Whoever owns such a folder can put a link, a pipe or another folder in the place of anything in
/// it at any moment; so nothing here is done by path:
///
/// - The folder is opened component by component. A symbolic link is followed only where root alone
///   can have put it: in a folder that belongs to root and that nobody else may write.
/// - A file is read only if what was opened is a regular file with one name, without waiting, and
///   up to a bound. A link of root's (see above) is followed here as well.
/// - A file is replaced by a new one under a name that nobody knew, made in the folder, owned,
///   given its mode and forced by its descriptor, and renamed within the folder. A link in the
///   file's place is replaced, not followed.
///
/// (openat(2), symlink(7), path_resolution(7).)
public final class Folder implements AutoCloseable {
  private static final int LINKS_MAX = 20;
  private static final int ENOTDIR = 20;
  private static final int ELOOP = 40;
  private static final int NAME_TRIES = 3;
  private static final int WRITABLE_BY_OTHERS = 022;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final int fd;
  private final String path;

  private Folder(int fd, String path) {
    this.fd = fd;
    this.path = path;
  }

  /// Opens a folder.
  ///
  /// @param path absolute
  /// @throws ErrnoException with `ELOOP` for a link that not only root can have put there, `ENOENT`
  ///   where there is none
  public static Folder open(Path path) throws LinuxException {
    return open(path, false);
  }

  /// Opens a folder and makes what is missing of it, mode 0755, where root alone may write.
  public static Folder openOrMake(Path path) throws LinuxException {
    return open(path, true);
  }

  private static Folder open(Path path, boolean make) throws LinuxException {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(path + " is not absolute");
    }
    String asked = "open " + path;
    Deque<String> left = new ArrayDeque<>();
    path.normalize().forEach(part -> left.addLast(part.toString()));
    int at = root(asked);
    int links = 0;
    try {
      while (!left.isEmpty()) {
        String name = left.removeFirst();
        int next = component(at, name, make, asked);
        Stat stat = LibcFiles.stat(next);
        if (stat.isLink()) {
          Path target = Path.of(LibcFiles.readlink(next));
          Libc.close(next);
          check(follows(at, ++links) ? 0 : -ELOOP, asked + ": \"" + name + "\" is a link");
          push(left, target);
          if (target.isAbsolute()) {
            Libc.close(at);
            at = root(asked);
          }
          continue;
        }
        Libc.close(at);
        at = next;
        check(stat.isFolder() ? 0 : -ENOTDIR, asked);
      }
      Folder folder = new Folder(at, path.toString());
      at = -1;
      return folder;
    } finally {
      if (at >= 0) {
        Libc.close(at);
      }
    }
  }

  private static int root(String asked) throws ErrnoException {
    return check(
        Libc.open("/", LibcFiles.O_PATH | LibcFiles.O_DIRECTORY | LibcFiles.O_CLOEXEC, 0), asked);
  }

  private static void push(Deque<String> left, Path target) {
    for (int i = target.getNameCount() - 1; i >= 0; i--) {
      left.addFirst(target.getName(i).toString());
    }
  }

  /// Opens whatever is there, without following it.
  private static int component(int at, String name, boolean make, String asked)
      throws ErrnoException {
    int flags = LibcFiles.O_PATH | LibcFiles.O_NOFOLLOW | LibcFiles.O_CLOEXEC;
    int next = LibcFiles.openat(at, name, flags, 0);
    if (next == -Errno.ENOENT.value() && make && ofRootAlone(LibcFiles.stat(at))) {
      int made = LibcFiles.mkdir(at, name, 0755);
      check(made == -Errno.EEXIST.value() ? 0 : made, asked);
      next = check(LibcFiles.openat(at, name, flags, 0), asked);
      // The mask of the process may have taken bits away; the folder is root's, so its path is
      // safe.
      int open =
          check(
              LibcFiles.openat(
                  at, name, LibcFiles.O_DIRECTORY | LibcFiles.O_NOFOLLOW | LibcFiles.O_CLOEXEC, 0),
              asked);
      int mode = made == 0 ? LibcFiles.chmod(open, 0755) : 0;
      Libc.close(open);
      check(mode, asked);
    }
    return check(next, asked);
  }

  private static boolean follows(int at, int links) {
    return links <= LINKS_MAX && ofRootAlone(LibcFiles.stat(at));
  }

  private static boolean ofRootAlone(Stat stat) {
    return stat.isFolder() && stat.uid() == 0 && (stat.mode() & WRITABLE_BY_OTHERS) == 0;
  }

  /// The file's content; null where there is no such file.
  ///
  /// @param bytesMax a longer file is an error, not cut
  /// @throws LinuxException when it is no regular file, has several names in a folder that is not
  ///   root's alone, is too long, or cannot be read
  public byte @Nullable [] read(String name, int bytesMax) throws LinuxException {
    String asked = "read " + path + "/" + name;
    requireName(name);
    boolean trusted = ofRootAlone(LibcFiles.stat(fd));
    int file =
        LibcFiles.openat(
            fd,
            name,
            (trusted ? 0 : LibcFiles.O_NOFOLLOW)
                | LibcFiles.O_NONBLOCK
                | LibcFiles.O_NOCTTY
                | LibcFiles.O_CLOEXEC,
            0);
    if (file == -Errno.ENOENT.value()) {
      return null;
    }
    check(file, asked);
    try {
      Stat stat = LibcFiles.stat(file);
      if (!stat.isRegular()) {
        throw new UntrustedFileException(asked, "it is not a regular file");
      }
      if (!trusted && stat.links() != 1) {
        throw new UntrustedFileException(
            asked, "it has " + stat.links() + " names, so it may be another's file");
      }
      return content(file, bytesMax, asked);
    } finally {
      Libc.close(file);
    }
  }

  private static byte[] content(int file, int bytesMax, String asked) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(64 << 10);
      byte[] content = new byte[0];
      while (true) {
        int read = check(LibcFiles.read(file, buffer, buffer.byteSize()), asked);
        if (read == 0) {
          return content;
        }
        if (content.length + read > bytesMax) {
          throw new UntrustedFileException(asked, "it is longer than " + bytesMax + " bytes");
        }
        byte[] more = java.util.Arrays.copyOf(content, content.length + read);
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, more, content.length, read);
        content = more;
      }
    }
  }

  /// Replaces a file so that nobody ever sees half of it, and it is on disk when this returns.
  ///
  /// @param mode permissions, such as `0640`
  /// @param user name of the owner
  /// @param group name of the owning group
  public void replace(String name, byte[] content, int mode, String user, String group)
      throws LinuxException {
    String asked = "write " + path + "/" + name;
    requireName(name);
    int uid = known(LibcFiles.uid(user), "user", user, asked);
    int gid = known(LibcFiles.gid(group), "group", group, asked);
    int flags =
        LibcFiles.O_WRONLY
            | LibcFiles.O_CREAT
            | LibcFiles.O_EXCL
            | LibcFiles.O_NOFOLLOW
            | LibcFiles.O_CLOEXEC;
    String draft = "";
    int file = -Errno.EEXIST.value();
    for (int i = 0; i < NAME_TRIES && file == -Errno.EEXIST.value(); i++) {
      byte[] chance = new byte[8];
      RANDOM.nextBytes(chance);
      draft = "." + name + ".new-" + HexFormat.of().formatHex(chance);
      file = LibcFiles.openat(fd, draft, flags, 0600);
    }
    check(file, asked);
    boolean placed = false;
    try {
      write(file, content, asked);
      check(LibcFiles.chown(file, uid, gid), asked);
      check(LibcFiles.chmod(file, mode), asked);
      check(LibcFiles.sync(file), asked);
      check(LibcFiles.rename(fd, draft, name), asked);
      placed = true;
    } finally {
      Libc.close(file);
      if (!placed) {
        LibcFiles.unlink(fd, draft);
      }
    }
    force(asked);
  }

  /// Removes a file. Does nothing where there is none.
  public void remove(String name) throws LinuxException {
    requireName(name);
    int removed = LibcFiles.unlink(fd, name);
    check(removed == -Errno.ENOENT.value() ? 0 : removed, "remove " + path + "/" + name);
    force("remove " + path + "/" + name);
  }

  /// The folder is open for its names only; to force it, it is opened once more, by itself.
  private void force(String asked) throws ErrnoException {
    int folder =
        check(LibcFiles.openat(fd, ".", LibcFiles.O_DIRECTORY | LibcFiles.O_CLOEXEC, 0), asked);
    int forced = LibcFiles.sync(folder);
    Libc.close(folder);
    // Some file systems without a disk do not know it.
    check(forced == -Errno.EINVAL.value() ? 0 : forced, asked);
  }

  private static void write(int file, byte[] content, String asked) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(Math.max(1, content.length));
      MemorySegment.copy(content, 0, data, ValueLayout.JAVA_BYTE, 0, content.length);
      for (long at = 0; at < content.length; ) {
        at +=
            check(
                Libc.write(file, data.asSlice(at, content.length - at), content.length - at),
                asked);
      }
    }
  }

  private static int known(int number, String kind, String name, String asked)
      throws LinuxException {
    if (number < 0) {
      throw new UntrustedFileException(asked, "there is no " + kind + " " + name);
    }
    return number;
  }

  private static void requireName(String name) {
    if (name.isEmpty() || name.contains("/") || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException("\"" + name + "\" is not the name of a file in a folder");
    }
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
