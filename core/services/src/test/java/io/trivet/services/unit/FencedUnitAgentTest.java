package io.trivet.services.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.services.story.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A unit that runs only where its lease is.
class FencedUnitAgentTest {
  private static final String FIT =
      "LoadState=loaded\nSlice=trivet-volume.slice\nPrivateNetwork=no";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fenced-life",
        "fenced-lost",
        "fenced-found-running",
        "fenced-planned-stop",
        "fenced-unfit",
        "fenced-unwritable",
        "fenced-inherited"
      })
  void aStory(String story) {
    FencedUnitAgent agent = new FencedUnitAgent("volume", "volume.service", new Health.None());
    Story.play(agent, "c1", "unit", story);
  }

  @Test
  void whatTheKernelSeesIsFit() {
    assertEquals("", FenceProbe.unfit(0, FIT, "volume"));
    assertEquals("", FenceProbe.unfit(0, "LoadState=not-found", "volume"));
  }

  @ParameterizedTest
  @CsvSource({
    "PrivateNetwork=yes, network namespace",
    "NetworkNamespacePath=/run/netns/a, network namespace",
    "TriggeredBy=volume.socket, volume.socket",
    "Slice=system.slice, system.slice"
  })
  void whatItCannotSilenceIsSaid(String property, String why) {
    String said = FenceProbe.unfit(0, FIT + "\n" + property, "volume");
    assertTrue(said.contains(why), said);
    assertTrue(FenceProbe.unfit(1, "", "volume").contains("systemctl"));
  }
}
