package io.trivet.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LanesTest {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final Lanes lanes = new Lanes();

  @Test
  void whatIsAtOneThingForLongIsStuck() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    lanes
        .lane("disk")
        .execute(
            () -> {
              begun.countDown();
              awaited(goOn);
            });
    begun.await();
    lanes.lane("network").execute(other::countDown);
    other.await();
    long now = System.nanoTime();
    assertNull(lanes.stuck(now, MINUTE_NANOS));
    assertEquals("disk", lanes.stuck(now + MINUTE_NANOS, MINUTE_NANOS));
    CountDownLatch next = new CountDownLatch(1);
    lanes.lane("disk").execute(next::countDown);
    goOn.countDown();
    next.await();
    CountDownLatch done = new CountDownLatch(1);
    lanes.lane("disk").execute(done::countDown);
    done.await();
    assertNull(lanes.stuck(now, MINUTE_NANOS), "it goes on");
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
