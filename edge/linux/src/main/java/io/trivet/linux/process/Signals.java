package io.trivet.linux.process;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.ffi.Libc;

/// Signals to other processes (kill(2), signal(7)).
public final class Signals {
  private Signals() {}

  /// Signals that are sent here.
  public enum Signal {
    HUP(1),
    INT(2),
    KILL(9),
    USR1(10),
    USR2(12),
    TERM(15),
    CONT(18),
    STOP(19);

    private final int number;

    Signal(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  /// Sends a signal to one process.
  ///
  /// @param pid greater than 0: groups and "everybody" are refused
  /// @return false when there is no such process
  public static boolean send(int pid, Signal signal) throws ErrnoException {
    return send(pid, signal.number(), "send SIG" + signal + " to process " + pid);
  }

  /// Sends a signal to every process of a group.
  ///
  /// @param leader the group's number, greater than 1: that of the process that made it
  /// @return false when there is no such group
  public static boolean sendToGroup(int leader, Signal signal) throws ErrnoException {
    if (leader <= 1) {
      throw new IllegalArgumentException("not one group: " + leader);
    }
    int result = Libc.kill(-leader, signal.number());
    if (result == -Errno.ESRCH.value()) {
      return false;
    }
    ErrnoException.check(result, "send SIG" + signal + " to process group " + leader);
    return true;
  }

  /// Whether there is such a process (a zombie counts).
  public static boolean exists(int pid) {
    int result = pid > 0 ? Libc.kill(pid, 0) : -Errno.ESRCH.value();
    return result != -Errno.ESRCH.value();
  }

  private static boolean send(int pid, int signal, String asked) throws ErrnoException {
    if (pid <= 0) {
      throw new IllegalArgumentException("not one process: " + pid);
    }
    int result = Libc.kill(pid, signal);
    if (result == -Errno.ESRCH.value()) {
      return false;
    }
    ErrnoException.check(result, asked);
    return true;
  }
}
