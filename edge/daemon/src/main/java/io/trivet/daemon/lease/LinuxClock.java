package io.trivet.daemon.lease;

import io.trivet.linux.process.RawClock;
import io.trivet.linux.process.SuspendWatch;

/// The clock of this machine. Belongs to one thread once it is in use.
public final class LinuxClock implements LeaseClock {
  private final SuspendWatch watch = new SuspendWatch();

  @Override
  public long nanos() {
    return RawClock.nanos();
  }

  @Override
  public long suspensions() {
    return watch.suspensions();
  }
}
