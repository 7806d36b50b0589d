package io.trivet.scheduler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Planning stands between a fault and what is done about it.
class PlanningTimeTest {
  @Test
  void aPlanForTheLabTakesFarLessThanAMillisecond() {
    World world = new World("lab.yaml");
    world
        .state
        .roster()
        .nodes()
        .forEach(n -> world.apply(new Command.NodePresence(n, Presence.PRESENT)));
    world.settle();
    world.apply(new Command.NodePresence("c2", Presence.GONE));
    long[] nanos = new long[5_000];
    int actions = 0;
    for (int i = -5_000; i < nanos.length; i++) {
      long begin = System.nanoTime();
      actions += world.plan().actions().size();
      if (i >= 0) {
        nanos[i] = System.nanoTime() - begin;
      }
    }
    Arrays.sort(nanos);
    long p99 = nanos[nanos.length * 99 / 100];
    System.out.println(
        "plan after a power-off: p50 "
            + nanos[nanos.length / 2] / 1_000
            + " µs, p99 "
            + p99 / 1_000
            + " µs");
    assertTrue(actions == 10_000, "one action a plan, the VIP's: " + actions);
    // The median: where other processes want the same cores, the tail is theirs.
    assertTrue(nanos[nanos.length / 2] < 1_000_000, "p50 " + nanos[nanos.length / 2] + " ns");
  }
}
