package io.trivet.linux.watch;

import io.trivet.linux.LinuxException;
import io.trivet.linux.ffi.InputWait;
import io.trivet.linux.packet.ClaimWatch;
import java.util.List;

/// Waits until one of several [ChangeWatch]es has something to tell.
public final class ChangeWait implements AutoCloseable {
  private final InputWait input;

  public ChangeWait() throws LinuxException {
    input = new InputWait();
  }

  /// [#await(List, List, long)] for nothing else.
  public boolean await(List<ChangeWatch> watches, long timeoutNanos) throws LinuxException {
    return await(watches, List.of(), timeoutNanos);
  }

  /// @param more descriptors that are waited for likewise, such as [ClaimWatch#fds]
  /// @return whether one of them has something to tell; false after the timeout and after [#end]
  public boolean await(List<ChangeWatch> watches, List<Integer> more, long timeoutNanos)
      throws LinuxException {
    int[] fds = new int[watches.size() * 2 + more.size()];
    for (int i = 0; i < more.size(); i++) {
      fds[watches.size() * 2 + i] = more.get(i);
    }
    for (int i = 0; i < watches.size(); i++) {
      fds[2 * i] = watches.get(i).routeFd();
      fds[2 * i + 1] = watches.get(i).rulesetFd();
    }
    return input.awaitAny(fds, timeoutNanos);
  }

  /// Ends the wait that runs, and every later one: for whoever ends the waiting thread. From any
  /// thread.
  public void end() {
    input.wake();
  }

  @Override
  public void close() {
    input.close();
  }
}
