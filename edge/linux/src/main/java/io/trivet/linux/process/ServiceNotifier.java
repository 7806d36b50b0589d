package io.trivet.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.ffi.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Tells systemd about the state of this service: the protocol of sd_notify(3), one datagram to the
/// Unix socket named in `NOTIFY_SOCKET` (a path, or with `@` in front a name in the abstract
/// space). Without a socket every call does nothing. Thread-safe.
public final class ServiceNotifier implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int LONGEST_NAME = 107; // sun_path is 108 with its zero
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_DONTWAIT = 0x40;

  private final byte[] name;
  private int fd;

  private ServiceNotifier(byte[] name, int fd) {
    this.name = name;
    this.fd = fd;
  }

  /// @param notifySocket the value of the environment variable NOTIFY_SOCKET, null when it is not
  ///   set
  public static ServiceNotifier open(@Nullable String notifySocket) throws ErrnoException {
    if (notifySocket == null || notifySocket.isEmpty()) {
      return new ServiceNotifier(new byte[0], -1);
    }
    byte[] name = notifySocket.getBytes(StandardCharsets.UTF_8);
    if (name.length > LONGEST_NAME || name[0] != '/' && name[0] != '@') {
      throw new ErrnoException(
          Errno.EINVAL, "use NOTIFY_SOCKET=" + notifySocket + " (a path, or @NAME)");
    }
    int fd =
        ErrnoException.check(
            Libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0), "make a Unix datagram socket");
    return new ServiceNotifier(name, fd);
  }

  /// Whether anybody listens.
  public boolean connected() {
    return fd >= 0;
  }

  /// The service works; STATUS is what `systemctl status` shows.
  public void ready(String status) throws ErrnoException {
    send("READY=1\nSTATUS=" + oneLine(status));
  }

  public void status(String status) throws ErrnoException {
    send("STATUS=" + oneLine(status));
  }

  /// To be called at least every half of WatchdogSec.
  public void watchdog() throws ErrnoException {
    send("WATCHDOG=1");
  }

  public void stopping(String status) throws ErrnoException {
    send("STOPPING=1\nSTATUS=" + oneLine(status));
  }

  /// Sends a text of lines `NAME=value`. Never blocks: EAGAIN when systemd does not read.
  public synchronized void send(String lines) throws ErrnoException {
    if (fd < 0) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(110, 2);
      address.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
      boolean isAbstract = name[0] == '@';
      if (isAbstract) {
        address.set(JAVA_BYTE, 2, (byte) 0);
      }
      byte[] text = lines.getBytes(StandardCharsets.UTF_8);
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, text);
      int size = 2 + name.length + (isAbstract ? 0 : 1);
      ErrnoException.check(
          Libc.sendto(fd, data, text.length, MSG_NOSIGNAL | MSG_DONTWAIT, address, size),
          "notify systemd");
    }
  }

  @Override
  public synchronized void close() {
    if (fd >= 0) {
      Libc.close(fd);
      fd = -1;
    }
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }
}
