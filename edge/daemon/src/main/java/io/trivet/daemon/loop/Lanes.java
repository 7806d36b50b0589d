package io.trivet.daemon.loop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Threads that carry out what the loop asked for, each one thing after the other, and of which is
/// known how long they have been at the present one. What blocks for ever on one (a disk that does
/// not answer, say) holds up all that waits behind it, while the loop itself goes on.
public final class Lanes {
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

  /// The lane of that name; the same one each time.
  public Executor lane(String name) {
    return lanes.computeIfAbsent(name, Lane::new);
  }

  /// The name of a lane that has been at one thing for so long, or null.
  ///
  /// @param now [System#nanoTime]
  public @Nullable String stuck(long now, long forNanos) {
    for (Lane lane : lanes.values()) {
      Long since = lane.busySince;
      if (since != null && now - since >= forNanos) {
        return lane.name;
      }
    }
    return null;
  }

  private static final class Lane implements Executor {
    private final String name;
    private final ExecutorService thread;
    private volatile @Nullable Long busySince;

    Lane(String name) {
      this.name = name;
      this.thread = Executors.newSingleThreadExecutor(Thread.ofVirtual().name(name).factory());
    }

    @Override
    public void execute(Runnable task) {
      thread.execute(
          () -> {
            busySince = System.nanoTime();
            try {
              task.run();
            } finally {
              busySince = null;
            }
          });
    }
  }
}
