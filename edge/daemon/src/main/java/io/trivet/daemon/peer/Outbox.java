package io.trivet.daemon.peer;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What waits to be written to one peer: bounded in number, bytes and age. The newest always finds
/// a place; what is thrown away for it is the oldest, because with signs of life and leases only
/// the newest says the truth.
final class Outbox {
  static final int FRAMES_MAX = 256;
  static final int BYTES_MAX = 4 << 20;
  static final long AGE_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private int bytes;
  private long dropped;
  private boolean woken;

  void put(Frame frame) {
    lock.lock();
    try {
      while (!frames.isEmpty()
          && (frames.size() >= FRAMES_MAX || bytes + frame.wireBytes() > BYTES_MAX)) {
        removeOldest();
        dropped++;
      }
      frames.addLast(frame);
      bytes += frame.wireBytes();
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Ends a [#take] that waits, or the next one.
  void wake() {
    lock.lock();
    try {
      woken = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a frame; null when none came in time or on [#wake].
  @Nullable Frame take(long patienceNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (long left = patienceNanos; frames.isEmpty(); ) {
        if (left <= 0 || woken) {
          woken = false;
          return null;
        }
        left = filled.awaitNanos(left);
      }
      return removeOldest();
    } finally {
      lock.unlock();
    }
  }

  /// A further frame if one is there and has at most so many bytes on the wire.
  @Nullable Frame poll(int wireBytesMax) {
    lock.lock();
    try {
      Frame next = frames.peekFirst();
      return next == null || next.wireBytes() > wireBytesMax ? null : removeOldest();
    } finally {
      lock.unlock();
    }
  }

  /// Throws away what became too old while there was no connection.
  void dropStale(long nowNanos) {
    lock.lock();
    try {
      for (Frame oldest = frames.peekFirst();
          oldest != null && nowNanos - oldest.queuedNanos() > AGE_MAX_NANOS;
          oldest = frames.peekFirst()) {
        removeOldest();
        dropped++;
      }
    } finally {
      lock.unlock();
    }
  }

  long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  void countDropped() {
    lock.lock();
    try {
      dropped++;
    } finally {
      lock.unlock();
    }
  }

  private Frame removeOldest() {
    Frame oldest = frames.removeFirst();
    bytes -= oldest.wireBytes();
    return oldest;
  }
}
