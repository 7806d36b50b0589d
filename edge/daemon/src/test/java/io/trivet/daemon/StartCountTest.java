package io.trivet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Files are written as root, for root.
@EnabledIf("root")
class StartCountTest {
  @TempDir Path folder = Path.of("");

  static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  private Places places() {
    return new Places(folder, folder, folder);
  }

  @Test
  void theThirdStartWithoutASettledOneDoubts() {
    assertEquals("", StartCount.doubt(places()));
    StartCount.started(places());
    assertEquals("", StartCount.doubt(places()));
    StartCount.started(places());
    assertTrue(StartCount.doubt(places()).contains("ended 2 times in a row"));
  }

  @Test
  void oneThatSettledIsForgotten() {
    StartCount.started(places());
    StartCount.started(places());
    StartCount.settled(places());
    assertEquals("", StartCount.doubt(places()));
  }

  @Test
  void whatIsNoNumberIsAnOrdinaryStart() throws Exception {
    for (String text : new String[] {"", "x", "-5", "99999999999999999999", "\u0000"}) {
      Files.writeString(places().starts(), text);
      assertEquals("", StartCount.doubt(places()), text);
    }
  }
}
