package io.trivet.lab.observe;

import io.trivet.lab.host.LabException;
import io.trivet.linux.process.CurrentThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The threads of an observer. Platform threads: each blocks in the kernel most of the time. They
/// go before everything else on the machine, because an observer stands beside the controllers and
/// does not share their processors; where that is refused, the time in which it could not ask is
/// told all the same.
final class WatchThreads {
  /// Of the real-time priorities 1-99 (sched(7)), above a daemon that uses a low one.
  static final int PRIORITY = 60;

  private final List<Thread> threads = new ArrayList<>();

  void start(String name, Runnable body) {
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .start(
                () -> {
                  CurrentThread.roundRobin(PRIORITY);
                  body.run();
                }));
  }

  /// Waits until those that were told to end have ended.
  void join() throws LabException {
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
