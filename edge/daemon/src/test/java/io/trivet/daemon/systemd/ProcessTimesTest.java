package io.trivet.daemon.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTimesTest {
  @Test
  void readsTheLineOfTheKernel() throws IOException {
    String line =
        "17 (a) b (c)) S 1 17 17 0 -1 4194560 100 200 0 0 31 12 5 2 20 0 1 0 100 1000 10 18446";
    assertEquals(50, ProcessTimes.ticks(line));
    assertThrows(IOException.class, () -> ProcessTimes.ticks("17 (a) S 1"));
  }

  @Test
  void ofThisProcess() {
    long own = ProcessHandle.current().pid();
    assertTrue(ProcessTimes.nanos(List.of(own, Long.MAX_VALUE)) > 0);
    assertEquals(-1, ProcessTimes.nanos(List.of(Long.MAX_VALUE)));
  }
}
