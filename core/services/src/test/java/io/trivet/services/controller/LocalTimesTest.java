package io.trivet.services.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Observation;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Times in the state, put on one clock.
class LocalTimesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long WALL = 1_800_000_000_000L;
  private static final long DAY = 86_400_000;

  private final LocalTimes times = new LocalTimes();
  private ClusterState state = ClusterState.empty();

  @BeforeEach
  void oneService() {
    apply(
        0, new Command.SetClusterFile("f", new Roster(List.of("c1"), List.of("db"), List.of())), 0);
    apply(0, new Command.NodePresence("c1", Presence.PRESENT), 0);
  }

  /// Whoever writes times down has a clock that is a day ahead, a day behind, or is being set.
  @Test
  void whatOthersClocksSayDoesNotCount() {
    for (long wrong : new long[] {DAY, -DAY, 0}) {
      long began = 1_000 + state.index() * 100;
      report(began, RunState.STARTED, Map.of(), wrong);
      report(began + 10, RunState.FAILED, Map.of("up", "yes"), wrong);
      order(began + 12, -wrong);
      report(began + 20, RunState.FAILED, Map.of("up", "yes", "members", "c1"), 2 * wrong);
      assertEquals(15_000, ageMillis(began + 25), "of the report");
      assertEquals(
          WALL - 13_000, Objects.requireNonNull(in(began + 25).target("db", "c1")).atMillis());
    }
  }

  @Test
  void anotherWayOfFailingIsCountedAnew() {
    report(100, RunState.FAILED, Map.of("up", "yes", "state", "Initialized"), 0);
    report(160, RunState.FAILED, Map.of("up", "yes", "hangs", "works"), 0);
    report(170, RunState.FAILED, Map.of("up", "yes", "hangs", "stopped", "hung", "15"), 0);
    assertEquals(12_000, ageMillis(172));
    report(180, RunState.FAILED, Map.of("up", "yes", "state", "Initialized"), 0);
    assertEquals(1_000, ageMillis(181));
  }

  @Test
  void presencesTooAndNothingElseChanges() {
    apply(50, new Command.NodePresence("c1", Presence.GONE), DAY);
    assertEquals(WALL - 4_000, in(54).node("c1").sinceMillis());
    assertEquals(state.notices(), in(54).notices());
    assertEquals(state.index(), in(54).index());
  }

  private ClusterState in(long seconds) {
    return times.in(state, seconds * SECOND, WALL);
  }

  private long ageMillis(long seconds) {
    Observation seen = Objects.requireNonNull(in(seconds).observation("db", "c1"));
    return WALL - seen.sinceMillis();
  }

  private void report(long seconds, RunState run, Map<String, String> facts, long wrongMillis) {
    Report report = new Report("db", "c1", run, 0, "", new TreeMap<>(facts));
    apply(seconds, new Command.Observe("c1", List.of(report)), wrongMillis);
  }

  private void order(long seconds, long wrongMillis) {
    apply(seconds, new Command.SetTarget("db", "c1", Wanted.STARTED, "join", "test"), wrongMillis);
  }

  private void apply(long seconds, Command command, long wrongMillis) {
    Proposal proposal = Proposal.of(2 * DAY + wrongMillis, "test", command);
    state = state.apply(state.index() + 1, proposal).state();
    times.follow(state, seconds * SECOND);
  }
}
