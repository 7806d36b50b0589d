package io.trivet.lab.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.lab.host.LabException;
import io.trivet.lab.observe.Answers;
import io.trivet.lab.observe.Held;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverloadResultTest {
  private static final long MS = 1_000_000;

  private static OverloadResult result(
      String timing, long moves, long gone, long two, OverloadResult.@Nullable Address rival) {
    return new OverloadResult(
        "2026-01-01T00:00:00Z",
        "a machine",
        timing,
        10,
        new OverloadResult.Address(9_000, moves, 120, two),
        gone,
        0,
        60_000,
        rival,
        30);
  }

  @Test
  void nothingMayMoveButWithFastLessThanKeepalivedDoes() {
    OverloadResult.Address rival = new OverloadResult.Address(1_000, 3, 400, 900);
    assertTrue(result("standard", 0, 0, 0, rival).met());
    assertFalse(result("standard", 1, 0, 0, rival).met());
    assertFalse(result("standard", 0, 1, 0, null).met());
    assertTrue(result("fast", 3, 1, 0, rival).met());
    assertFalse(result("fast", 4, 0, 0, rival).met());
    assertFalse(result("fast", 1, 0, 0, null).met());
    assertFalse(result("fast", 0, 0, 5, rival).met());
  }

  @Test
  void movesAndGapsAreCountedFromTheFirstAnswerOn() {
    Map<String, Answers> holders =
        Map.of(
            "c1", new Answers(List.of(2_000 * MS, 2_005 * MS, 2_010 * MS, 3_000 * MS)),
            "c2", new Answers(List.of(2_400 * MS, 2_405 * MS)));
    Held held = Held.of(holders, 1_000 * MS, 3_100 * MS);
    assertEquals(1_000 * MS, held.firstNanos());
    assertEquals(2, held.moves());
    assertEquals(595 * MS, held.gapNanos());
    assertEquals(0, held.twoNanos());
    assertEquals(-1, Held.of(Map.of(), 0, 5).firstNanos());
  }

  @Test
  void whatIsKeptIsReadAgain(@TempDir Path folder) throws LabException {
    OverloadResult kept = result("patient", 0, 0, 0, null);
    kept.save(folder);
    assertEquals(List.of(kept), OverloadResult.load(folder));
    assertEquals("| patient | 10 | 0 | 0 | 0 | 120 | 0 | 30 | 60 s |  |  |  | yes |", kept.row());
  }
}
