package io.trivet.scheduler.story;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BecauseTest {
  @ParameterizedTest
  @CsvSource({
    "node availability, because no node may run it",
    "unrunnable db start, because db cannot be started",
    "unrunnable web-clone running, because web-clone cannot run",
    "required db:0 stop, because db:0 has to be stopped first",
    "required db promote, because db has to be promoted first",
    "no quorum, because of no quorum",
    "required by nobody we know, because of required by nobody we know"
  })
  void aReasonIsSaidInAnOperatorsWords(String reason, String said) {
    assertEquals(said, Because.of(reason));
  }
}
