package io.trivet.cluster.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class QuorumWatchTest {
  private static final long T = 1_800_000_000_000L;

  private final QuorumWatch watch = new QuorumWatch("c1", 0);

  private @Nullable Notice observe(boolean inTouch, List<String> held, long millis) {
    return watch.observe(inTouch, held, (millis - T + 7) * 1_000_000, millis);
  }

  @Test
  void aLossIsToldWithTheTimeAtWhichItBegan() {
    assertNull(observe(true, List.of("public"), T));
    assertNull(observe(false, List.of("public"), T + 1_000));
    Notice lost = observe(false, List.of("public"), T + 2_000);
    assertNotNull(lost);
    assertEquals("quorum-lost", lost.id());
    assertEquals("quorum-lost", lost.runbook());
    assertEquals(T, lost.atMillis());
    assertEquals(
        "c1 is not in touch with a majority of the controllers: from here nothing is started, moved or promoted. It held VIP public, and does so no more.",
        lost.text());
    assertNull(observe(false, List.of("public"), T + 60_000), "told once");
    Notice regained = observe(true, List.of(), T + 75_000);
    assertNotNull(regained);
    assertEquals("c1 is in touch with a majority again after 1 min 15 s.", regained.text());
    assertEquals(T + 75_000, regained.atMillis());
  }

  @Test
  void anElectionIsNotWorthALine() {
    assertNull(observe(true, List.of(), T));
    assertNull(observe(false, List.of(), T + 1_900));
    assertNull(observe(true, List.of(), T + 1_950));
  }

  @Test
  void whoNeverWasInTouchHasLostNothing() {
    assertNull(observe(false, List.of(), T));
    assertNull(observe(false, List.of(), T + 60_000));
    assertNull(observe(true, List.of(), T + 61_000));
  }
}
