package io.trivet.cluster.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.lease.LeaseMachine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimingProfileTest {
  @ParameterizedTest
  @EnumSource
  void everyProfileMakesALeaseMachine(TimingProfile profile) {
    LeaseMachine machine =
        new LeaseMachine(
            "c1", List.of("c1", "c2", "c3"), profile.lease(), TimingProfile.quietNanos(), 1, 0);
    assertTrue(machine.dueAtNanos() >= 0);
    assertEquals(profile.leaseMillis() * 1_000_000L, profile.lease().leaseNanos());
  }

  @ParameterizedTest
  @EnumSource
  void aStartIsQuietForThePromiseOfEveryProfile(TimingProfile profile) {
    assertTrue(TimingProfile.quietNanos() >= profile.lease().promiseNanos());
  }

  @Test
  void consensusWaitsLongerThanALease() {
    for (TimingProfile profile : TimingProfile.values()) {
      assertTrue(profile.electionMinMillis() >= profile.leaseMillis(), profile::word);
      assertTrue(profile.electionMaxMillis() > profile.electionMinMillis(), profile::word);
    }
  }
}
