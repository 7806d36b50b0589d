package io.trivet.services.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.scheduler.PolicyView;
import io.trivet.scheduler.StartDecision;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UnitPolicyTest {
  private static final List<String> NODES = List.of("c1", "c2", "c3");

  private final UnitPolicy policy = new UnitPolicy();
  private ClusterState state = ClusterState.empty();

  UnitPolicyTest() {
    apply(new Command.SetClusterFile("lab", new Roster(NODES, List.of("keystone"), List.of())));
  }

  @Test
  void whatIsDownStarts() {
    reports("c1", new TreeMap<>());
    StartDecision.Start start = assertInstanceOf(StartDecision.Start.class, decides("c1"));
    assertEquals(Target.PLAIN, start.how());
    assertInstanceOf(StartDecision.Start.class, decides("c2"), "nothing was reported yet");
  }

  /// It would count as one more failure each time, and change nothing.
  @Test
  void whatHangsIsNotToldToStart() {
    TreeMap<String, String> facts = new TreeMap<>();
    facts.put("hangs", "works");
    reports("c1", facts);
    StartDecision.Wait wait = assertInstanceOf(StartDecision.Wait.class, decides("c1"));
    assertTrue(wait.reason().startsWith("it hangs"));
  }

  private StartDecision decides(String node) {
    return policy.mayStart(new PolicyView(state, "keystone", NODES, 1_000), node);
  }

  private void reports(String node, NavigableMap<String, String> facts) {
    Report report = new Report("keystone", node, RunState.FAILED, 0, "", facts);
    apply(new Command.Observe(node, List.of(report)));
  }

  private void apply(Command command) {
    state = state.apply(state.index() + 1, Proposal.of(1_000, "test", command)).state();
  }
}
