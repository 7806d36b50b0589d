package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.services.galera.GaleraProbe.Sample;
import io.trivet.services.galera.GaleraProbe.StateFile;
import io.trivet.services.story.Fuzz;
import io.trivet.services.story.Golden;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GaleraProbeTest {
  private static final String UUID = "2832955d-e6d3-11f1-b417-2ff868496a8c";

  static List<List<@Nullable String>> rows(String text) {
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (String line : text.lines().toList()) {
      List<@Nullable String> row = new ArrayList<>();
      for (String column : line.split("\t", -1)) {
        row.add(column);
      }
      rows.add(row);
    }
    return rows;
  }

  @Test
  void readsAStateFile() {
    assertEquals(
        new StateFile(UUID, 120, true),
        GaleraProbe.stateFile(Golden.read("galera/grastate-stopped.dat")));
    assertEquals(
        new StateFile(UUID, -1, false),
        GaleraProbe.stateFile(Golden.read("galera/grastate-running.dat")));
    assertEquals(new StateFile("", -1, false), GaleraProbe.stateFile(GaleraProbe.nothingSaved()));
  }

  @Test
  void doesNotReadADamagedStateFile() {
    assertNull(GaleraProbe.stateFile(""));
    assertNull(GaleraProbe.stateFile("uuid: " + UUID));
    assertNull(GaleraProbe.stateFile("uuid: " + UUID + "\nseqno: many\n"));
    assertNull(GaleraProbe.stateFile("uuid: 2832955d\nseqno: 5\n"));
    assertNull(GaleraProbe.stateFile("uuid: " + UUID + "\nseqno: -7\n"));
  }

  @Test
  void allowsABootstrapAndNothingElse() {
    String before = Golden.read("galera/grastate-running.dat");
    assertEquals(
        before.replace("safe_to_bootstrap: 0", "safe_to_bootstrap: 1"),
        GaleraProbe.safeToBootstrap(before));
    StateFile without =
        GaleraProbe.stateFile(GaleraProbe.safeToBootstrap("uuid: " + UUID + "\nseqno: 5"));
    assertEquals(new StateFile(UUID, 5, true), without);
  }

  @Test
  void readsARecoveredPosition() {
    assertEquals(
        GaleraPosition.known(UUID, 3, false),
        GaleraProbe.recovered(Golden.read("galera/recover.log")));
    assertEquals(
        GaleraPosition.NONE,
        GaleraProbe.recovered(
            "[Note] WSREP: Recovered position: 00000000-0000-0000-0000-000000000000:-1"));
    assertEquals(GaleraPosition.UNKNOWN, GaleraProbe.recovered("[ERROR] Aborting"));
  }

  @Test
  void readsSamples() {
    assertEquals(
        new Sample(
            "Synced",
            true,
            3,
            UUID,
            "10.77.0.11:3306,10.77.0.13:3306,10.77.0.12:3306",
            true,
            -1,
            -1),
        GaleraProbe.sample(rows(Golden.read("galera/synced.tsv"))));
    Sample outside = GaleraProbe.sample(rows(Golden.read("galera/outside.tsv")));
    assertNotNull(outside);
    assertEquals("Initialized", outside.state());
    assertTrue(!outside.primary() && !outside.ready());
    assertNull(GaleraProbe.sample(List.of()));
  }

  @Test
  void readsProviderOptions() {
    var options = GaleraProbe.providerOptions(rows(Golden.read("galera/options.tsv")));
    assertEquals("PT0.1S", options.get("evs.keepalive_period"));
    assertEquals("PT5S", options.get("evs.suspect_timeout"));
    assertEquals("false", options.get("pc.recovery"));
  }

  @Test
  void readsDamagedTextsWithoutFailing() {
    Fuzz.damage(
        Golden.read("galera/grastate-stopped.dat"),
        text -> {
          StateFile file = GaleraProbe.stateFile(text);
          return file == null || file.seqno() >= -1;
        });
    Fuzz.damage(
        Golden.read("galera/recover.log").lines().skip(15).reduce("", (a, b) -> a + b + "\n"),
        text -> GaleraProbe.recovered(text).seqno() >= -1);
    Fuzz.damage(
        Golden.read("galera/synced.tsv"),
        text -> {
          Sample sample = GaleraProbe.sample(rows(text));
          return sample == null || !sample.state().isEmpty() || !text.contains("Synced");
        });
    Fuzz.damage(
        Golden.read("galera/options.tsv").substring(0, 500),
        text -> GaleraProbe.providerOptions(rows(text)).size() < 100);
  }

  @Test
  void aReportSurvivesItsFacts() {
    List<GaleraReport> reports =
        List.of(
            GaleraReport.down(GaleraPosition.UNKNOWN),
            GaleraReport.down(GaleraPosition.unreadable("EIO")),
            GaleraReport.down(GaleraPosition.NONE),
            GaleraReport.down(GaleraPosition.INCOMPLETE),
            GaleraReport.down(GaleraPosition.known(UUID, 7, true)),
            new GaleraReport(
                true, "Synced", true, UUID, 57, List.of("c1", "c2"), GaleraPosition.UNKNOWN),
            new GaleraReport(true, "", false, "", 0, List.of(), GaleraPosition.UNKNOWN));
    for (GaleraReport report : reports) {
      Report carried = new Report("galera", "c1", RunState.STOPPED, 1, "", report.facts());
      assertEquals(report, GaleraReport.from(carried));
    }
  }
}
