package io.trivet.daemon.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SharedReloadTest {
  /// Counts reloads; none ends before it is let go.
  private static final class Slow implements Units {
    private final AtomicInteger reloads = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private volatile boolean refuses;

    @Override
    public void start(String unit) {}

    @Override
    public void stop(String unit) {}

    @Override
    public void kill(String unit) {}

    @Override
    public void daemonReload() throws SystemdException {
      reloads.incrementAndGet();
      begun.countDown();
      try {
        assertTrue(letGo.await(20, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (refuses) {
        throw SystemdException.refused("refused", new IllegalStateException());
      }
    }

    @Override
    public long cpuNanos(String unit) {
      return -1;
    }
  }

  @Test
  void whoAskWhileOneRunsAreServedTogetherByTheNext() throws Exception {
    Slow systemd = new Slow();
    SharedReload reloads = new SharedReload(systemd);
    List<Future<?>> asked = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      asked.add(threads.submit(() -> reload(reloads)));
      assertTrue(systemd.begun.await(20, TimeUnit.SECONDS));
      CountDownLatch asking = new CountDownLatch(6);
      for (int i = 0; i < 6; i++) {
        asked.add(
            threads.submit(
                () -> {
                  asking.countDown();
                  reload(reloads);
                }));
      }
      assertTrue(asking.await(20, TimeUnit.SECONDS));
      systemd.letGo.countDown();
    }
    for (Future<?> one : asked) {
      one.get();
    }
    // One more where some of the six asked only after the second had begun.
    int made = systemd.reloads.get();
    assertTrue(made == 2 || made == 3, () -> made + " reloads");
  }

  @Test
  void afterARefusalTheNextOneIsMade() throws Exception {
    Slow systemd = new Slow();
    systemd.letGo.countDown();
    SharedReload reloads = new SharedReload(systemd);
    systemd.refuses = true;
    assertThrows(SystemdException.class, reloads::reload);
    systemd.refuses = false;
    reloads.reload();
    assertEquals(2, systemd.reloads.get());
  }

  @Test
  void whoWaitedForOneThatFailedIsToldSoAndAsksNobodyAgain() throws Exception {
    Slow systemd = new Slow();
    systemd.refuses = true;
    SharedReload reloads = new SharedReload(systemd);
    List<Future<?>> asked = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 6; i++) {
        asked.add(threads.submit(() -> assertThrows(SystemdException.class, reloads::reload)));
      }
      assertTrue(systemd.begun.await(20, TimeUnit.SECONDS));
      systemd.letGo.countDown();
    }
    for (Future<?> one : asked) {
      one.get();
    }
    int made = systemd.reloads.get();
    assertTrue(made <= 2, () -> made + " reloads");
  }

  private static void reload(SharedReload reloads) {
    try {
      reloads.reload();
    } catch (SystemdException e) {
      throw new AssertionError(e);
    }
  }
}
