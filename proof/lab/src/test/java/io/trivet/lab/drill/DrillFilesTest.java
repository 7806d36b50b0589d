package io.trivet.lab.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.trivet.lab.host.LabException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DrillFilesTest {
  private static final DrillResult RESULT =
      new DrillResult(
          "power-off",
          "2026-01-01T00:00:00Z",
          "fast",
          "a machine",
          List.of(
              new DrillRun(300, 0, 900, 9_000, 5_000, "c1", "c2", 6),
              new DrillRun(400, 0, 1_100, 9_500, 5_000, "c2", "c3", 7)));

  @Test
  void theJsonIsOneObjectWithAListOfRuns() {
    JsonObject json = JsonParser.parseString(DrillFiles.json(RESULT)).getAsJsonObject();
    JsonObject first = json.getAsJsonArray("runs").get(0).getAsJsonObject();
    assertEquals(300, first.get("outageMs").getAsLong());
    assertEquals(0, first.get("twoHoldersMs").getAsLong());
    assertEquals(900, first.get("apiMs").getAsLong());
    assertEquals(9_000, first.get("recoveredMs").getAsLong());
    JsonObject worst = json.getAsJsonObject("summary").getAsJsonObject("max");
    assertEquals(400, worst.get("outageMs").getAsLong());
  }

  @Test
  void whatIsKeptIsReadAgain(@TempDir Path folder) throws LabException {
    DrillFiles files = new DrillFiles(folder);
    assertEquals(List.of(), files.load("fast"));
    DrillResult slower =
        new DrillResult(
            "power-off", "2026-01-01T00:00:00Z", "standard", "a machine", RESULT.runs());
    files.save(RESULT);
    files.save(slower);
    assertEquals(List.of(RESULT), files.load("fast"));
    assertEquals(List.of(slower), files.load("standard"));
  }

  @Test
  void thePageShowsEveryDrillAndHowToRepeatIt() {
    String page =
        SlaReport.write(
            List.of(RESULT),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of("On a busy day."));
    assertTrue(page.contains("| power-off | 2 | 300 / 400 / 400 | 0 / 0 / 0 |"), page);
    assertTrue(page.contains("| outage p50 ≤ 500, outage max ≤ 1000, two holders 0 | yes |"), page);
    assertTrue(page.contains("\n\nOn a busy day.\n\n"), page);
    assertTrue(page.contains("- power-off: 300, 400 (7)"), page);
    assertTrue(page.contains("./trivet lab drill power-off --runs 2"), page);
    assertTrue(page.contains("Not measured yet: `./trivet lab soak --minutes 15`"), page);
    assertTrue(page.contains("Not measured yet: `./trivet lab overload`"), page);
  }

  @Test
  void aPromiseThatIsNotKeptIsSaid() {
    DrillRun slow = new DrillRun(1_001, 0, 900, 9_000, 5_000, "c1", "c2", 6);
    DrillRun two = new DrillRun(300, 1, 900, 9_000, 5_000, "c1", "c2", 6);
    for (DrillRun bad : List.of(slow, two)) {
      List<DrillRun> runs = List.of(RESULT.runs().getFirst(), bad);
      DrillResult result =
          new DrillResult("power-off", "2026-01-01T00:00:00Z", "fast", "a machine", runs);
      String page =
          SlaReport.write(
              List.of(result),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              List.of("On a busy day."));
      assertTrue(page.contains("two holders 0 | **no** |"), page);
    }
  }

  @Test
  void theCostOfAnIdleDaemonIsReadFromTheKernel() {
    String stat = "30 (a (b) c) S 1 30 30 0 -1 4194560 1 2 3 4 100 20 3 1 10 -10 46 0 837";
    assertEquals(124, Idle.ticks(stat));
    String rollup = "Rss:\t  150000 kB\nPss:\t  138112 kB\nPss_Anon:\t  90000 kB\n";
    assertEquals(138_112, Idle.shareKib(rollup));
  }

  @Test
  void everyFaultIsKnownByItsWord() {
    for (Fault fault : Fault.values()) {
      assertEquals(Optional.of(fault), Fault.of(fault.word()));
    }
    assertEquals(Optional.empty(), Fault.of("earthquake"));
  }
}
