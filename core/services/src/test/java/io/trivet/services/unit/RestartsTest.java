package io.trivet.services.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.cluster.state.RunState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When an instance that hangs is started anew, beside what the others say of theirs.
class RestartsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final List<String> NODES = List.of("c1", "c2", "c3");

  private ClusterState state = ClusterState.empty();

  @BeforeEach
  void threeControllers() {
    apply(new Command.SetClusterFile("lab", new Roster(NODES, List.of("keystone"), List.of())));
    NODES.forEach(n -> apply(new Command.NodePresence(n, Presence.PRESENT)));
  }

  @Test
  void atMostOneAtATimeWhoeverHangs() {
    NODES.forEach(n -> says(n, RunState.FAILED, Map.of("hangs", "stopped")));
    assertEquals(List.of("c1"), due(stopped(), 3_600));
    says("c1", RunState.FAILED, Map.of("anew", "1"));
    assertEquals(List.of(), due(stopped(), 3_600), "c1 is on its way");
    says("c1", RunState.STARTED, Map.of("anew", "1"));
    assertEquals(List.of("c2"), due(stopped(), 3_600));
    says("c1", RunState.FAILED, Map.of("anew", "1", "hangs", "stopped"));
    assertEquals(List.of("c2"), due(stopped(), 3_600), "who was so least often is first");
  }

  @Test
  void thatAllAreSlowIsNoReason() {
    NODES.forEach(n -> says(n, RunState.FAILED, Map.of("hangs", "works")));
    assertEquals(List.of(), due(working(), 299));
    assertEquals(List.of("c1"), due(working(), 300));
  }

  @Test
  void soonWhereOthersServe() {
    says("c1", RunState.STARTED, Map.of());
    says("c2", RunState.FAILED, Map.of("hangs", "stopped"));
    assertEquals(List.of(), due(stopped(), 7));
    assertEquals(List.of("c2"), due(stopped(), 8));
    assertEquals(List.of(), due(working(), 59));
    assertEquals(List.of("c2"), due(working(), 60));
  }

  @Test
  void pausesGrow() {
    says("c1", RunState.STARTED, Map.of());
    says("c2", RunState.FAILED, Map.of("hangs", "stopped"));
    assertFalse(Restarts.due(state, "keystone", "c2", stopped(), 1, 15 * SECOND));
    assertTrue(Restarts.due(state, "keystone", "c2", stopped(), 1, 16 * SECOND));
    assertFalse(Restarts.due(state, "keystone", "c2", stopped(), 30, 1_799 * SECOND));
    assertTrue(Restarts.due(state, "keystone", "c2", stopped(), 30, 1_800 * SECOND));
  }

  @Test
  void notBeforeTheOthersCanKnow() {
    says("c1", RunState.STARTED, Map.of());
    says("c2", RunState.STARTED, Map.of());
    assertEquals(List.of(), due(stopped(), 3_600));
  }

  private List<String> due(Answers answers, long seconds) {
    return NODES.stream()
        .filter(n -> Restarts.due(state, "keystone", n, answers, times(n), seconds * SECOND))
        .toList();
  }

  private int times(String node) {
    Report report = state.report("keystone", node);
    return report == null ? 0 : Integer.parseInt(report.facts().getOrDefault("anew", "0"));
  }

  private static Answers working() {
    return Answers.none(0).ask(0).look(Answers.LIMIT_NANOS);
  }

  private static Answers stopped() {
    return working().cpu(2 * SECOND, 7).cpu(4 * SECOND, 7);
  }

  private void says(String node, RunState run, Map<String, String> facts) {
    Report report = new Report("keystone", node, run, 0, "", new TreeMap<>(facts));
    apply(new Command.Observe(node, List.of(report)));
  }

  private void apply(Command command) {
    state = state.apply(state.index() + 1, Proposal.of(1_000, "test", command)).state();
  }
}
