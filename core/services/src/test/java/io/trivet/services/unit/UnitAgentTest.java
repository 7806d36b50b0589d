package io.trivet.services.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trivet.services.story.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitAgentTest {
  @Test
  void anApiLives() {
    Health health = new Health.Http("10.77.0.11", 5000, "/v3");
    Story.play(new UnitAgent("keystone", "keystone.service", health), "c1", "unit", "api");
  }

  @Test
  void anInheritedTargetIsNoOrder() {
    Health health = new Health.Memcached("10.77.0.11", 11211);
    Story.play(new UnitAgent("cache", "memcached.service", health), "c1", "unit", "inherited");
  }

  @Test
  void aUnitIsNotInstalled() {
    Health health = new Health.Memcached("10.77.0.11", 11211);
    Story.play(new UnitAgent("cache", "memcached.service", health), "c1", "unit", "not-installed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs", "all-hang", "slow-start"})
  void anApiThatHangsOrIsSlow(String story) {
    Health health = new Health.Http("10.77.0.11", 5000, "/v3");
    Story.play(new UnitAgent("keystone", "keystone.service", health), "c1", "unit", story);
  }

  @Test
  void aJobThatNeverEnds() {
    Health health = new Health.Memcached("10.77.0.11", 11211);
    Story.play(new UnitAgent("cache", "memcached.service", health), "c1", "unit", "job-never-ends");
  }

  @Test
  void aUnitIsMasked() {
    Health health = new Health.Memcached("10.77.0.11", 11211);
    Story.play(new UnitAgent("cache", "memcached.service", health), "c1", "unit", "masked");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK, 200",
    "HTTP/1.1 300 Multiple Choices, 300",
    "404 Not Found, 404",
    "503, 503",
    "HTTP 503, 503",
    "HTTP/1.1, 0",
    "HTTP/1.1 20, 0",
    "HTTP/1.1 2000, 0",
    "HTTP/1.1 700 What, 0",
    "connection refused, 0",
    "'', 0"
  })
  void readsAStatusLine(String line, int code) {
    assertEquals(code, HttpStatus.of(line));
  }

  @Test
  void pausesGrowToTenSeconds() {
    assertEquals(200_000_000L, Backoff.pauseNanos(1));
    assertEquals(1_000_000_000L, Backoff.pauseNanos(2));
    assertEquals(10_000_000_000L, Backoff.pauseNanos(5));
    assertEquals(10_000_000_000L, Backoff.pauseNanos(Integer.MAX_VALUE));
  }
}
