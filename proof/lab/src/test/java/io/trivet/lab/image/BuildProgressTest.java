package io.trivet.lab.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.lab.host.LabException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BuildProgressTest {
  @Test
  void everyPackageCountsOnceUnpackedAndOnceSetUp() {
    BuildProgress progress = new BuildProgress();
    progress.line("0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.");
    progress.line("0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.");
    assertEquals(0, progress.percent());
    progress.line("Unpacking galera-4 (26.4.23-0+deb12u1) ...");
    assertEquals(25, progress.percent());
    assertEquals("unpacking galera-4", progress.what());
    progress.line("Setting up galera-4 (26.4.23-0+deb12u1) ...");
    assertEquals(50, progress.percent());
    assertEquals("setting up galera-4", progress.what());
  }

  @Test
  void itNeverSaysThatAllIsDone() {
    BuildProgress progress = new BuildProgress();
    for (int i = 0; i < 2_000; i++) {
      progress.line("Setting up package (1) ...");
    }
    assertEquals(99, progress.percent());
  }

  @Test
  void anotherRecipeIsAnotherImage() throws LabException {
    ImageRecipe standard = ImageRecipe.standard();
    ImageRecipe less =
        new ImageRecipe(
            standard.suite(), List.of("systemd"), standard.preseed(), standard.configure());
    assertNotEquals(standard.name(), less.name());
    assertEquals(standard.name(), ImageRecipe.standard().name());
    assertTrue(standard.packages().contains("galera-4"));
  }
}
