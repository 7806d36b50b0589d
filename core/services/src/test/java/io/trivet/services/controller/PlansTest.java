package io.trivet.services.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.cluster.state.RunState;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What a controller makes of reports whose daemon has started anew since.
class PlansTest {
  private static final String FILE =
      """
      trivet: 1
      name: lab
      controllers: { c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13 }
      cache: memcached
      """;
  private static final List<String> NODES = List.of("c1", "c2", "c3");

  private final ServiceSet services;
  private ClusterState state = ClusterState.empty();

  PlansTest() throws UnusableClusterFile {
    services = new ServiceSets().of(FILE, "c1");
    Reading.Accepted file =
        assertInstanceOf(Reading.Accepted.class, ClusterFileReader.read("cluster.yaml", FILE));
    apply(new Command.SetClusterFile(FILE, Roster.of(Expansion.of(file.file()))));
    for (String node : NODES) {
      apply(new Command.NodeStarted(node, 1));
      apply(new Command.NodePresence(node, Presence.PRESENT));
      apply(
          new Command.Observe(
              node, List.of(Report.of("memcached", node, RunState.STARTED, 0, "started"))));
    }
  }

  @Test
  void whoLooksDoesNotTakeReportsOfAnEarlierRunForNews() {
    ClusterState seen = Plans.withoutHistory(state, incarnations(1, 2, 1), 1_000);
    assertEquals(RunState.STARTED, seen.runState("memcached", "c1"));
    assertEquals(RunState.UNKNOWN, seen.runState("memcached", "c2"));
    assertEquals(RunState.STARTED, seen.runState("memcached", "c3"));
    assertEquals(state, Plans.withoutHistory(state, incarnations(1, 1, 1), 1_000));
    assertEquals(state, Plans.withoutHistory(state, new TreeMap<>(), 1_000));
  }

  @Test
  void aStrangerOfAnOlderClusterFileIsNobody() {
    NavigableMap<String, Long> heard = incarnations(1, 1, 1);
    heard.put("c9", 4L);
    assertEquals(state, Plans.withoutHistory(state, heard, 1_000));
  }

  @Test
  void theLeaderWritesDownThatADaemonStartedAnewAsSoonAsItIsHeard() {
    Command plan = Plans.of(services, state, "c1", true, 1_000, incarnations(1, 2, 1)).command();
    assertTrue(
        assertInstanceOf(Command.Batch.class, plan)
            .commands()
            .contains(new Command.NodeStarted("c2", 2)),
        plan.toString());
  }

  @Test
  void ofASilentMemberNoRunIsKnown() {
    Presences presences = new Presences("c1", 1);
    presences.began("c2", 2, 0);
    assertEquals(incarnations(1, 2), presences.incarnations());
    presences.silent("c2");
    assertEquals(incarnations(1), presences.incarnations());
  }

  private static NavigableMap<String, Long> incarnations(long... runs) {
    TreeMap<String, Long> incarnations = new TreeMap<>();
    for (int i = 0; i < runs.length; i++) {
      incarnations.put(NODES.get(i), runs[i]);
    }
    return incarnations;
  }

  private void apply(Command command) {
    state = state.apply(state.index() + 1, Proposal.of(0, "test", command)).state();
  }
}
