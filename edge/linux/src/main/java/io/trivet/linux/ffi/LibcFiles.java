package io.trivet.linux.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The calls about files relative to an open folder, as [Libc] makes its calls: each returns what
/// the call returns, or minus errno.
public final class LibcFiles {
  /// Of open(2), where the two machines differ.
  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

  public static final int O_WRONLY = 1;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_NOCTTY = 0400;
  public static final int O_NONBLOCK = 04000;
  public static final int O_DIRECTORY = ARM ? 040000 : 0200000;
  public static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
  public static final int O_CLOEXEC = 02000000;
  public static final int O_PATH = 010000000;

  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BYTES = 256;
  private static final int PATH_BYTES = 4096;
  private static final int ACCOUNT_BYTES = 16 << 10;

  private static final MethodHandle OPENAT =
      Libc.bind(
          "openat",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(3));
  private static final MethodHandle STATX =
      Libc.bind(
          "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle READLINKAT =
      Libc.bind(
          "readlinkat", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle READ =
      Libc.bind("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle RENAMEAT =
      Libc.bind("renameat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
  private static final MethodHandle UNLINKAT =
      Libc.bind("unlinkat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle MKDIRAT =
      Libc.bind("mkdirat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle FCHOWN =
      Libc.bind("fchown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle FCHMOD =
      Libc.bind("fchmod", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle FSYNC =
      Libc.bind("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle GETPWNAM =
      Libc.bind(
          "getpwnam_r",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle GETGRNAM =
      Libc.bind(
          "getgrnam_r",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

  private LibcFiles() {}

  /// What statx(2) says of an open file.
  ///
  /// @param mode with the kind of the file
  public record Stat(int mode, int uid, int gid, int links, long bytes) {
    public boolean isRegular() {
      return (mode & 0170000) == 0100000;
    }

    public boolean isFolder() {
      return (mode & 0170000) == 0040000;
    }

    public boolean isLink() {
      return (mode & 0170000) == 0120000;
    }
  }

  /// `openat(2)`.
  public static int openat(int folder, String name, int flags, int mode) {
    MemorySegment state = Libc.state();
    try (Arena arena = Arena.ofConfined()) {
      return Libc.result(
          state, (int) OPENAT.invokeExact(state, folder, arena.allocateFrom(name), flags, mode));
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// `statx(2)` of the file itself; returns minus errno in `mode` when it failed.
  public static Stat stat(int fd) {
    MemorySegment state = Libc.state();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(STATX_BYTES, 8);
      int result =
          Libc.result(
              state,
              (int)
                  STATX.invokeExact(
                      state, fd, arena.allocateFrom(""), AT_EMPTY_PATH, STATX_BASIC_STATS, to));
      if (result < 0) {
        return new Stat(result, 0, 0, 0, 0);
      }
      return new Stat(
          Short.toUnsignedInt(to.get(JAVA_SHORT, 28)),
          to.get(JAVA_INT, 20),
          to.get(JAVA_INT, 24),
          to.get(JAVA_INT, 16),
          to.get(JAVA_LONG, 40));
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// `readlinkat(2)` of a link that is open with O_PATH; the empty text when it failed.
  public static String readlink(int fd) {
    MemorySegment state = Libc.state();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(PATH_BYTES);
      int length =
          Libc.result(
              state,
              (long)
                  READLINKAT.invokeExact(
                      state, fd, arena.allocateFrom(""), to, (long) PATH_BYTES - 1));
      return length < 0 ? "" : to.getString(0);
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// `read(2)`.
  public static int read(int fd, MemorySegment to, long length) {
    MemorySegment state = Libc.state();
    try {
      return Libc.result(state, (long) READ.invokeExact(state, fd, to, length));
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// `renameat(2)` within one folder.
  public static int rename(int folder, String from, String to) {
    MemorySegment state = Libc.state();
    try (Arena arena = Arena.ofConfined()) {
      return Libc.result(
          state,
          (int)
              RENAMEAT.invokeExact(
                  state, folder, arena.allocateFrom(from), folder, arena.allocateFrom(to)));
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// `unlinkat(2)` of a file.
  public static int unlink(int folder, String name) {
    MemorySegment state = Libc.state();
    try (Arena arena = Arena.ofConfined()) {
      return Libc.result(
          state, (int) UNLINKAT.invokeExact(state, folder, arena.allocateFrom(name), 0));
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// `mkdirat(2)`.
  public static int mkdir(int folder, String name, int mode) {
    MemorySegment state = Libc.state();
    try (Arena arena = Arena.ofConfined()) {
      return Libc.result(
          state, (int) MKDIRAT.invokeExact(state, folder, arena.allocateFrom(name), mode));
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// `fchown(2)`.
  public static int chown(int fd, int uid, int gid) {
    MemorySegment state = Libc.state();
    try {
      return Libc.result(state, (int) FCHOWN.invokeExact(state, fd, uid, gid));
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// `fchmod(2)`.
  public static int chmod(int fd, int mode) {
    MemorySegment state = Libc.state();
    try {
      return Libc.result(state, (int) FCHMOD.invokeExact(state, fd, mode));
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// `fsync(2)`.
  public static int sync(int fd) {
    MemorySegment state = Libc.state();
    try {
      return Libc.result(state, (int) FSYNC.invokeExact(state, fd));
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }

  /// The number of a user, -1 if there is none of this name (getpwnam(3)).
  public static int uid(String name) {
    // struct passwd: name, password (pointers), uid, gid.
    return number(GETPWNAM, name);
  }

  /// The number of a group, -1 if there is none of this name (getgrnam(3)).
  public static int gid(String name) {
    // struct group: name, password (pointers), gid.
    return number(GETGRNAM, name);
  }

  private static int number(MethodHandle lookup, String name) {
    MemorySegment state = Libc.state();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment account = arena.allocate(64, 8);
      MemorySegment found = arena.allocate(ADDRESS);
      int error =
          (int)
              lookup.invokeExact(
                  state,
                  arena.allocateFrom(name),
                  account,
                  arena.allocate(ACCOUNT_BYTES),
                  (long) ACCOUNT_BYTES,
                  found);
      boolean none = error != 0 || found.get(ADDRESS, 0).equals(MemorySegment.NULL);
      return none ? -1 : account.get(JAVA_INT, 16);
    } catch (Throwable t) {
      throw Libc.broken(t);
    }
  }
}
