package io.trivet.scheduler.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Dates, lengths of time, and yes or no.
class TimesTest {
  @ParameterizedTest
  @CsvSource({
    "2005-020, 2005-01-20T00:00:00Z",
    "2005020, 2005-01-20T00:00:00Z",
    "2005-020T11:30, 2005-01-20T11:30:00Z",
    "2014-05-07 00:28:00, 2014-05-07T00:28:00Z",
    "20140507T002800, 2014-05-07T00:28:00Z",
    "2019-09-23 12:00:00 -05:00, 2019-09-23T17:00:00Z",
    "2019-09-23T12:00:00+0230, 2019-09-23T09:30:00Z",
    "2019-09-23T12:00:00.25Z, 2019-09-23T12:00:00Z",
    "2019-09-23T24:00, 2019-09-24T00:00:00Z",
    "2020-W53-7, 2021-01-03T00:00:00Z",
    "2020W01, 2019-12-30T00:00:00Z",
    "2020-366, 2020-12-31T00:00:00Z",
    "2020-02, 2020-02-01T00:00:00Z",
    "2020, 2020-01-01T00:00:00Z"
  })
  void dates(String text, String time) {
    assertEquals(Instant.parse(time).getEpochSecond(), Iso8601.seconds(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "today",
        "12:00",
        "2020-13-01",
        "2020-02-30",
        "2019-366",
        "2019-W53-1",
        "2020-W00-1",
        "2020-W10-8",
        "2020-01-01T25:00",
        "2020-01-01T24:01",
        "2020-01-01 12:00 +19:00",
        "2020-01-01 12:00 -5",
        "-2020-01-01",
        "99999-01-01",
        "2020-01-01T12:00:00ZZ"
      })
  void noDates(String text) {
    assertNull(Iso8601.seconds(text));
  }

  @ParameterizedTest
  @CsvSource({
    "20, 20000",
    " 20 s , 20000",
    "20sec, 20000",
    "100ms, 100",
    "5000us, 5",
    "5min, 300000",
    "1M, 60000",
    "2hr, 7200000",
    "0, 0",
    "PT1M30S, 90000",
    "P1D, 86400000",
    "P2W, 1209600000",
    "P1Y2M3DT4H5M6S, 36993906000",
    "99999999999999999999, 9223372036854775807",
    "9999999999999999h, 9223372036854775807"
  })
  void lengthsOfTime(String text, long millis) {
    assertEquals(millis, Durations.millis(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-5s", "s", "1d", "1.5s", "P", "PT", "PT1D", "1 2", "INFINITY"})
  void noLengthsOfTime(String text) {
    assertNull(Durations.millis(text));
    assertEquals(7, Durations.millis(text, 7));
  }

  @Test
  void yesAndNo() {
    for (String yes : new String[] {"true", "On", "YES", "y", "1"}) {
      assertEquals(true, Booleans.parse(yes, false));
    }
    for (String no : new String[] {"false", "OFF", "no", "n", "0"}) {
      assertEquals(false, Booleans.parse(no, true));
    }
    assertEquals(true, Booleans.parse("perhaps", true));
    assertEquals(false, Booleans.parse(null, false));
  }
}
