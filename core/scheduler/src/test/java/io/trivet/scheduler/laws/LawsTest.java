package io.trivet.scheduler.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The laws, over clusters that seeds make up.
class LawsTest {
  /// More of them with `-Dseeds=N`.
  private static final int SEEDS = Integer.getInteger("seeds", 300);

  @Test
  void everyPlanKeepsTheLaws() {
    List<String> broken = new ArrayList<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      broken.addAll(Laws.broken(seed));
    }
    assertEquals(List.of(), broken);
  }

  /// Seeds that broke a law once: a monitor was executed of what a colocation keeps from starting
  /// (694); stops waited, with each plan, for one that is blocked (2404, 2652).
  @Test
  void seedsThatBrokeALawKeepThem() {
    List<String> broken = new ArrayList<>();
    for (long seed : new long[] {694, 2251, 2404, 2652}) {
      broken.addAll(Laws.broken(seed));
    }
    assertEquals(List.of(), broken);
  }

  /// The laws bite: a start on a node that is banned is found.
  @Test
  void aLawThatIsBrokenIsFound() {
    assertEquals(
        List.of("p is started on n1, which is banned"),
        Laws.starts(List.of(new Laws.Start("p", "n1")), List.of("n1"), "banned"));
  }
}
