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
import io.trivet.services.unit.Restarts.Returning;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When an instance that hangs is started anew, beside what the others say of theirs.
class RestartsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final NavigableMap<String, Returning> NOBODY = new TreeMap<>();
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

  /// One that starts, fails and starts again is not waited for without end: the time that it may
  /// take is counted from when it began to come back, whatever it was in between.
  @Test
  void oneThatDoesNotComeBackHoldsUpTheOthersForSomeTimeOnly() {
    NODES.forEach(n -> says(n, RunState.FAILED, Map.of("hangs", "stopped")));
    says("c1", RunState.FAILED, Map.of("anew", "1"));
    long began = 3_600;
    NavigableMap<String, Returning> seen = follow(NOBODY, began);
    for (long second = 1; second < 120; second++) {
      boolean starts = second % 10 > 5;
      RunState run =
          second % 30 == 29 ? RunState.STARTED : starts ? RunState.STARTING : RunState.FAILED;
      says("c1", run, Map.of("anew", "1"));
      seen = follow(seen, began + second);
    }
    says("c1", RunState.FAILED, Map.of("anew", "1"));
    assertEquals(List.of(), due(seen, began + 119));
    assertEquals(List.of("c2"), due(seen, began + 120), "still one at a time");
    says("c1", RunState.STARTING, Map.of("anew", "1"));
    assertEquals(List.of(), due(seen, began + 599), "a start that gets on has longer");
    assertEquals(List.of("c2"), due(seen, began + 600));
    says("c1", RunState.FAILED, Map.of("anew", "2"));
    assertEquals(
        List.of(), due(follow(seen, began + 600), began + 601), "another time, another count");
  }

  private NavigableMap<String, Returning> follow(
      NavigableMap<String, Returning> before, long seconds) {
    return Restarts.follow(before, state, "keystone", "c2", seconds * SECOND);
  }

  /// Of c2 and c3, those that may be started anew.
  private List<String> due(NavigableMap<String, Returning> seen, long seconds) {
    return List.of("c2", "c3").stream()
        .filter(n -> Restarts.due(state, "keystone", n, stopped(), 0, seen, seconds * SECOND))
        .toList();
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
    assertFalse(Restarts.due(state, "keystone", "c2", stopped(), 1, NOBODY, 15 * SECOND));
    assertTrue(Restarts.due(state, "keystone", "c2", stopped(), 1, NOBODY, 16 * SECOND));
    assertFalse(Restarts.due(state, "keystone", "c2", stopped(), 30, NOBODY, 1_799 * SECOND));
    assertTrue(Restarts.due(state, "keystone", "c2", stopped(), 30, NOBODY, 1_800 * SECOND));
  }

  @Test
  void notBeforeTheOthersCanKnow() {
    says("c1", RunState.STARTED, Map.of());
    says("c2", RunState.STARTED, Map.of());
    assertEquals(List.of(), due(stopped(), 3_600));
  }

  private List<String> due(Answers answers, long seconds) {
    NavigableMap<String, Returning> returning = NOBODY;
    return NODES.stream()
        .filter(
            n -> Restarts.due(state, "keystone", n, answers, times(n), returning, seconds * SECOND))
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
