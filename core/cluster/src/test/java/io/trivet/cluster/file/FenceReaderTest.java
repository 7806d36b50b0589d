package io.trivet.cluster.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.state.Roster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `fenced-by` of a unit.
class FenceReaderTest {
  private static Reading read(String unit) {
    return ClusterFileReader.read(
        "cluster.yaml",
        """
        trivet: 1
        name: site
        controllers: { c1: 10.77.0.1, c2: 10.77.0.2, c3: 10.77.0.3 }
        units:
          %s
        """
            .formatted(unit));
  }

  @Test
  void aSingletonIsFencedByTheNetwork() {
    Reading reading = read("cinder-volume: { kind: singleton, fenced-by: network }");
    ClusterFile file = assertInstanceOf(Reading.Accepted.class, reading).file();
    assertEquals(PlainUnit.Fence.NETWORK, file.units().getFirst().fence());
    Configuration configuration = Expansion.of(file);
    assertEquals(1, configuration.leased().size());
    Roster roster = Roster.of(configuration);
    assertEquals(List.of("cinder-volume", "unit:cinder-volume"), roster.resources());
    assertEquals(List.of("unit:cinder-volume"), roster.vips());
  }

  @Test
  void withoutAFenceASingletonIsWhatItWas() {
    Reading reading = read("cinder-volume: singleton");
    ClusterFile file = assertInstanceOf(Reading.Accepted.class, reading).file();
    assertEquals(PlainUnit.Fence.NONE, file.units().getFirst().fence());
    assertEquals(List.of(), Expansion.of(file).leased());
    assertEquals(List.of(), Roster.of(Expansion.of(file)).vips());
  }

  @Test
  void whatWritesToASharedDiskWaitsForItsController() {
    Reading reading = read("backup: { kind: singleton, writes-to: shared-disk }");
    ClusterFile file = assertInstanceOf(Reading.Accepted.class, reading).file();
    assertEquals(PlainUnit.Fence.NONE, file.units().getFirst().fence());
    Reading network = read("a: { kind: singleton, fenced-by: network, writes-to: network }");
    assertInstanceOf(Reading.Accepted.class, network);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: { kind: singleton, fenced-by: power }|power switch",
        "a: { kind: singleton, fenced-by: hope }|network",
        "a: { kind: clone, fenced-by: network }|every controller",
        "a: { kind: singleton, unit: [b, c], fenced-by: network }|2 systemd units",
        "a: { kind: singleton, unit: nfs-server, fenced-by: network }|power switch",
        "a: { kind: singleton, unit: drbd@r0, fenced-by: network }|power switch",
        "a: { kind: singleton, fenced-by: network, writes-to: shared-disk }|power switch",
        "a: { kind: singleton, writes-to: floppy }|shared-disk"
      })
  void whatTheNetworkCannotFenceIsRefusedWithTheReason(String unit, String reason) {
    Reading.Refused refused = assertInstanceOf(Reading.Refused.class, read(unit));
    assertEquals(1, refused.problems().size(), refused.problems().toString());
    assertTrue(refused.problems().toString().contains(reason), refused.problems().toString());
  }
}
