package io.trivet.linux.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The calls into the C library that this module makes, one method each.
///
/// Every method returns what the call returns, or **minus errno** when it failed (the kernel's own
/// convention), so that a hot path allocates nothing. Flags and structures are those of Linux on
/// 64-bit machines (x86-64 and aarch64 agree on all that is used here). Nothing here retries.
public final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /// One capture buffer for each thread; freed with the thread.
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

  private static final MethodHandle SOCKET = ints("socket", 3);
  private static final MethodHandle BIND =
      bind("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle GETSOCKNAME =
      bind("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle SETSOCKOPT =
      bind(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SENDTO =
      bind(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle RECVFROM =
      bind(
          "recvfrom",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle RECVMSG =
      bind("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle POLL =
      bind("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle EVENTFD = ints("eventfd", 2);
  private static final MethodHandle WRITE =
      bind("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE = ints("close", 1);
  private static final MethodHandle OPEN =
      bind(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETNS = ints("setns", 2);
  private static final MethodHandle UNSHARE = ints("unshare", 1);
  private static final MethodHandle MOUNT =
      bind("mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle UMOUNT2 =
      bind("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle KILL = ints("kill", 2);
  private static final MethodHandle SCHED_SETSCHEDULER =
      bind("sched_setscheduler", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle SETPRIORITY = ints("setpriority", 3);
  private static final MethodHandle MLOCKALL = ints("mlockall", 1);
  private static final MethodHandle MALLOC_TRIM =
      bind("malloc_trim", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  private static final MethodHandle CLOCK_GETTIME =
      bind("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle GETTID = ints("gettid", 0);

  private Libc() {}

  /// `socket(2)`.
  public static int socket(int domain, int type, int protocol) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) SOCKET.invokeExact(state, domain, type, protocol));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `bind(2)`.
  public static int bind(int fd, MemorySegment address, int length) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) BIND.invokeExact(state, fd, address, length));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `getsockname(2)`.
  public static int getsockname(int fd, MemorySegment address, MemorySegment size) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) GETSOCKNAME.invokeExact(state, fd, address, size));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `setsockopt(2)`.
  public static int setsockopt(int fd, int level, int option, MemorySegment value, int length) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, length));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `setsockopt(2)` with an `int` value.
  public static int setsockopt(int fd, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      return setsockopt(fd, level, option, arena.allocateFrom(JAVA_INT, value), 4);
    }
  }

  /// `sendto(2)`; `address` may be `MemorySegment.NULL`.
  public static int sendto(
      int fd, MemorySegment data, long length, int flags, MemorySegment address, int size) {
    MemorySegment state = STATE.get();
    try {
      return result(
          state, (long) SENDTO.invokeExact(state, fd, data, length, flags, address, size));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `recvfrom(2)`; `address` and `size` may be `MemorySegment.NULL`.
  public static int recvfrom(
      int fd,
      MemorySegment data,
      long length,
      int flags,
      MemorySegment address,
      MemorySegment size) {
    MemorySegment state = STATE.get();
    try {
      return result(
          state, (long) RECVFROM.invokeExact(state, fd, data, length, flags, address, size));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `recvmsg(2)`.
  public static int recvmsg(int fd, MemorySegment message, int flags) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (long) RECVMSG.invokeExact(state, fd, message, flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `poll(2)`; `entries` is an array of `struct pollfd`, see [#pollEntry].
  public static int poll(MemorySegment entries, long count, int timeoutMillis) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) POLL.invokeExact(state, entries, count, timeoutMillis));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// Fills entry `i` of an array of `struct pollfd` (8 bytes each) to wait for input.
  public static void pollEntry(MemorySegment entries, int i, int fd) {
    entries.set(JAVA_INT, i * 8L, fd);
    entries.set(JAVA_SHORT, i * 8L + 4, (short) 1); // POLLIN
    entries.set(JAVA_SHORT, i * 8L + 6, (short) 0);
  }

  /// Whether poll reported anything, an error included, for entry `i`.
  public static boolean pollReady(MemorySegment entries, int i) {
    return entries.get(JAVA_SHORT, i * 8L + 6) != 0;
  }

  /// `eventfd(2)`, close-on-exec.
  public static int eventfd() {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) EVENTFD.invokeExact(state, 0, 0x80000)); // EFD_CLOEXEC
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `write(2)`.
  public static int write(int fd, MemorySegment data, long length) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (long) WRITE.invokeExact(state, fd, data, length));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `close(2)`.
  public static int close(int fd) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) CLOSE.invokeExact(state, fd));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `open(2)`.
  public static int open(String path, int flags, int mode) {
    MemorySegment state = STATE.get();
    try (Arena arena = Arena.ofConfined()) {
      return result(state, (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, mode));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `setns(2)` of the calling thread.
  public static int setns(int fd, int kind) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) SETNS.invokeExact(state, fd, kind));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `unshare(2)` of the calling thread.
  public static int unshare(int flags) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) UNSHARE.invokeExact(state, flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `mount(2)` without data.
  public static int mount(String source, String target, String type, long flags) {
    MemorySegment state = STATE.get();
    try (Arena arena = Arena.ofConfined()) {
      return result(
          state,
          (int)
              MOUNT.invokeExact(
                  state,
                  arena.allocateFrom(source),
                  arena.allocateFrom(target),
                  arena.allocateFrom(type),
                  flags,
                  MemorySegment.NULL));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `umount2(2)`.
  public static int umount2(String target, int flags) {
    MemorySegment state = STATE.get();
    try (Arena arena = Arena.ofConfined()) {
      return result(state, (int) UMOUNT2.invokeExact(state, arena.allocateFrom(target), flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `kill(2)`.
  public static int kill(int pid, int signal) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) KILL.invokeExact(state, pid, signal));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `sched_setscheduler(2)`; `pid` 0 is the calling thread.
  public static int schedSetscheduler(int pid, int policy, int priority) {
    MemorySegment state = STATE.get();
    try (Arena arena = Arena.ofConfined()) {
      return result(
          state,
          (int)
              SCHED_SETSCHEDULER.invokeExact(
                  state, pid, policy, arena.allocateFrom(JAVA_INT, priority)));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `setpriority(2)`.
  public static int setpriority(int which, int who, int nice) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) SETPRIORITY.invokeExact(state, which, who, nice));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `mlockall(2)`.
  public static int mlockall(int flags) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) MLOCKALL.invokeExact(state, flags));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `malloc_trim(3)`, of the GNU C library alone.
  public static int mallocTrim(long pad) {
    MemorySegment state = STATE.get();
    try {
      return (int) MALLOC_TRIM.invokeExact(state, pad);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `clock_gettime(2)` into a `struct timespec` of 16 bytes.
  public static int clockGettime(int clock, MemorySegment timespec) {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) CLOCK_GETTIME.invokeExact(state, clock, timespec));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// `gettid(2)`.
  public static int gettid() {
    MemorySegment state = STATE.get();
    try {
      return result(state, (int) GETTID.invokeExact(state));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /// The calling thread's buffer for the state of a call.
  static MemorySegment state() {
    return STATE.get();
  }

  static int result(MemorySegment state, long returned) {
    return returned == -1 ? -(int) ERRNO.get(state, 0L) : (int) returned;
  }

  /// A downcall throws only what our own mistake causes (a wrong type, a freed segment): never an
  /// operating error.
  static RuntimeException broken(Throwable t) {
    if (t instanceof RuntimeException e) {
      return e;
    }
    if (t instanceof Error e) {
      throw e;
    }
    return new IllegalStateException(t);
  }

  private static MethodHandle ints(String name, int arguments) {
    MemoryLayout[] parameters = new MemoryLayout[arguments];
    java.util.Arrays.fill(parameters, JAVA_INT);
    return bind(name, FunctionDescriptor.of(JAVA_INT, parameters));
  }

  static MethodHandle bind(String name, FunctionDescriptor descriptor, Linker.Option... more) {
    MemorySegment symbol =
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(
                () ->
                    new UnsatisfiedLinkError(
                        "the C library of this machine has no " + name + "()"));
    Linker.Option[] options = java.util.Arrays.copyOf(more, more.length + 1);
    options[more.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(symbol, descriptor, options);
  }
}
