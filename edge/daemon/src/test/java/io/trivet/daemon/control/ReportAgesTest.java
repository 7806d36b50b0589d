package io.trivet.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReportAgesTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void whoSaysNothingGrowsOld() {
    ReportAges ages = new ReportAges(10 * SECOND);
    assertEquals(3_000, ages.millis("c2", 13 * SECOND), "nothing yet: since the start");
    ages.confirmed("c2", 14 * SECOND);
    ages.confirmed("c3", 15 * SECOND);
    assertEquals(1_500, ages.millis("c2", 15 * SECOND + SECOND / 2));
    ages.confirmed("c2", 20 * SECOND);
    assertEquals(0, ages.millis("c2", 20 * SECOND));
    assertEquals(5_000, ages.millis("c3", 20 * SECOND));
  }
}
