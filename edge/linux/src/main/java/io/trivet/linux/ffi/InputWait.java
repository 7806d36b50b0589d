package io.trivet.linux.ffi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Waits for input on one descriptor, and can be woken from another thread. One thread waits at a
/// time.
public final class InputWait implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private static final int MOST = 256;

  private final MemorySegment entries = arena.allocate((MOST + 1) * 8L, 8);
  private final MemorySegment one = arena.allocateFrom(JAVA_LONG, 1L);
  private final int wakeFd;
  private boolean closed;

  public InputWait() throws ErrnoException {
    try {
      wakeFd = ErrnoException.check(Libc.eventfd(), "make an eventfd");
    } catch (ErrnoException e) {
      arena.close();
      throw e;
    }
  }

  /// @param timeoutNanos negative to wait for ever; rounded up to milliseconds
  /// @return whether there is input; false after the timeout and after [#wake]
  public boolean await(int fd, long timeoutNanos) throws ErrnoException {
    long deadline = System.nanoTime() + timeoutNanos;
    int result;
    do {
      long left = Math.max(0, deadline - System.nanoTime());
      int millis =
          timeoutNanos < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
      Libc.pollEntry(entries, 0, fd);
      Libc.pollEntry(entries, 1, wakeFd);
      result = Libc.poll(entries, 2, millis);
    } while (result == -Errno.EINTR.value());
    ErrnoException.check(result, "wait for input");
    return result > 0 && Libc.pollReady(entries, 0);
  }

  /// Waits for input on any of several descriptors.
  ///
  /// @param fds at most 256
  /// @param timeoutNanos rounded up to milliseconds
  /// @return whether there is input on one of them
  public boolean awaitAny(int[] fds, long timeoutNanos) throws ErrnoException {
    if (fds.length > MOST) {
      throw new IllegalArgumentException(fds.length + " descriptors; at most " + MOST);
    }
    for (int i = 0; i < fds.length; i++) {
      Libc.pollEntry(entries, i, fds[i]);
    }
    Libc.pollEntry(entries, fds.length, wakeFd);
    int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(0, timeoutNanos + 999_999) / 1_000_000);
    int result = Libc.poll(entries, fds.length + 1L, millis);
    if (result == -Errno.EINTR.value()) {
      return false;
    }
    ErrnoException.check(result, "wait for input");
    for (int i = 0; i < fds.length; i++) {
      if (result > 0 && Libc.pollReady(entries, i)) {
        return true;
      }
    }
    return false;
  }

  /// Ends the wait that runs, and every later one.
  public synchronized void wake() {
    if (!closed) {
      Libc.write(wakeFd, one, 8);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(wakeFd);
      arena.close();
    }
  }
}
