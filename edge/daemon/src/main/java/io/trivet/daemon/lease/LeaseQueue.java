package io.trivet.daemon.lease;

import io.trivet.cluster.lease.LeaseMessage.Pulse;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What waits for the lease thread, in order. Of the pulses of a member only the newest waits, in
/// the place of the first: a thread that woke up late takes what is true now, not a history of it.
/// An older pulse says nothing that a newer one does not (asks and releases are repeated).
final class LeaseQueue {
  /// @param sinceNanos [System#nanoTime] when it was put here
  record Task(Runnable what, long sinceNanos) {}

  private final BlockingQueue<Task> waiting = new LinkedBlockingQueue<>();

  /// By sender, each with a task in the queue that takes it. Only with this object's lock.
  private final TreeMap<String, Pulse> pulses = new TreeMap<>();

  void add(Runnable what) {
    waiting.add(new Task(what, System.nanoTime()));
  }

  /// @param taker is given the newest pulse of the sender when its turn has come
  void add(Pulse pulse, Consumer<Pulse> taker) {
    synchronized (this) {
      Pulse before = pulses.get(pulse.from());
      boolean overtaken =
          before != null
              && before.incarnation() == pulse.incarnation()
              && before.seq() >= pulse.seq();
      if (!overtaken) {
        pulses.put(pulse.from(), pulse);
      }
      if (before != null) {
        return;
      }
    }
    add(
        () -> {
          Pulse newest = take(pulse.from());
          if (newest != null) {
            taker.accept(newest);
          }
        });
  }

  /// Waits for the next task; null when none came in time.
  @Nullable Task take(long patienceNanos) throws InterruptedException {
    return waiting.poll(patienceNanos, TimeUnit.NANOSECONDS);
  }

  private synchronized @Nullable Pulse take(String sender) {
    return pulses.remove(sender);
  }
}
