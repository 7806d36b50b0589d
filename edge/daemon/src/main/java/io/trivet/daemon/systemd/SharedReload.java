package io.trivet.daemon.systemd;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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
  private @Nullable Reload next;
  private boolean running;

  /// One reload and all who wait for it.
  private static final class Reload {
    private boolean done;
    private @Nullable SystemdException failure;
  }

  public SharedReload(Units systemd) {
    this.systemd = systemd;
  }

  /// Returns when a reload that began after this call is done.
  ///
  /// @throws SystemdException when that reload failed; all who waited for it are told the same
  public void reload() throws SystemdException {
    lock.lock();
    try {
      Reload mine = next == null ? new Reload() : next;
      next = mine;
      while (!mine.done) {
        if (running) {
          changed.awaitUninterruptibly();
        } else {
          make(mine);
        }
      }
      if (mine.failure != null) {
        throw mine.failure;
      }
    } finally {
      lock.unlock();
    }
  }

  /// Called with the lock held, and returns with it.
  private void make(Reload mine) {
    running = true;
    collect();
    next = null;
    lock.unlock();
    SystemdException failure = null;
    try {
      systemd.daemonReload();
    } catch (SystemdException e) {
      failure = e;
    } finally {
      lock.lock();
      mine.failure = failure;
      mine.done = true;
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
