package io.trivet.daemon.systemd;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Makes systemd read its unit files again, once for all who ask at about the same time.
///
/// A reload costs systemd half a second of one processor and holds up every other call to it
/// meanwhile. After a power failure each agent of each controller finds its drop-in file gone from
/// /run and writes it anew, all within the same moment.
public final class SharedReload {
  /// Agents that start together write their files within this time of each other.
  private static final long COLLECT_MILLIS = 50;

  private final Units systemd;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long asked;
  private long covered;
  private boolean running;

  public SharedReload(Units systemd) {
    this.systemd = systemd;
  }

  /// Returns when a reload that began after this call is done.
  ///
  /// @throws SystemdException when that reload failed and this caller made it; others try again
  ///   themselves
  public void reload() throws SystemdException {
    lock.lock();
    try {
      long mine = ++asked;
      while (covered < mine) {
        if (running) {
          changed.awaitUninterruptibly();
        } else {
          running = true;
          reloadForAll();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Called with the lock held, and returns with it.
  private void reloadForAll() throws SystemdException {
    try {
      collect();
      long all = asked;
      lock.unlock();
      try {
        systemd.daemonReload();
      } finally {
        lock.lock();
      }
      covered = all;
    } finally {
      running = false;
      changed.signalAll();
    }
  }

  private void collect() {
    long left = TimeUnit.MILLISECONDS.toNanos(COLLECT_MILLIS);
    try {
      while (left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
