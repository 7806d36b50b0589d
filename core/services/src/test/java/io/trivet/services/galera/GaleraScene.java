package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.scheduler.PolicyView;
import io.trivet.scheduler.StartDecision;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/// Three controllers with a Galera cluster, as a test tells of them, and what the leader decides.
abstract class GaleraScene {
  static final String A = "aaaaaaaa-e6d3-11f1-b417-2ff868496a8c";
  static final List<String> NODES = List.of("c1", "c2", "c3");

  final GaleraPolicy policy = new GaleraPolicy();
  ClusterState state = ClusterState.empty();
  long nowMillis = 1_000;

  @BeforeEach
  void threeControllers() {
    apply(new Command.SetClusterFile("lab", new Roster(NODES, List.of("galera"), List.of())));
    NODES.forEach(n -> apply(new Command.NodePresence(n, Presence.PRESENT)));
  }

  void running() {
    NODES.forEach(n -> down(n, known(90)));
    started("c1");
    synced("c1", "c1");
    decide();
    started("c2");
    started("c3");
    NODES.forEach(n -> synced(n, "c1 c2 c3"));
    decide();
    assertEquals("c1 c2 c3", state.attribute("galera.primary"));
  }

  static GaleraPosition known(long seqno) {
    return GaleraPosition.known(A, seqno, false);
  }

  void down(String node, GaleraPosition position) {
    report(node, RunState.STOPPED, GaleraReport.down(position), epoch(node));
  }

  void synced(String node, String members) {
    report(node, RunState.STARTED, up("Synced", members), epoch(node));
  }

  static GaleraReport up(String word, String members) {
    return new GaleraReport(
        true, word, true, A, 7, List.of(members.split(" ")), GaleraPosition.UNKNOWN);
  }

  void report(String node, RunState run, GaleraReport facts, long acted) {
    Report report = new Report("galera", node, run, acted, "", facts.facts());
    apply(new Command.Observe(node, List.of(report)));
  }

  long epoch(String node) {
    Target target = state.target("galera", node);
    return target == null ? 0 : target.epoch();
  }

  /// Asks, and gives the order.
  String started(String node) {
    StartDecision decision = policy.mayStart(view(), node);
    if (decision instanceof StartDecision.Start start) {
      apply(new Command.SetTarget("galera", node, Wanted.STARTED, start.how(), start.reason()));
      return start.how();
    }
    return decision.toString();
  }

  StartDecision.Wait assertWaits(String node, String why) {
    StartDecision decision = policy.mayStart(view(), node);
    if (decision instanceof StartDecision.Wait wait) {
      assertTrue(wait.reason().contains(why), wait.reason());
      return wait;
    }
    throw new AssertionError(node + " may start: " + decision);
  }

  void decide() {
    policy.alsoDecide(view()).forEach(this::apply);
  }

  PolicyView view() {
    return new PolicyView(state, "galera", NODES, nowMillis);
  }

  void apply(Command command) {
    state = state.apply(state.index() + 1, Proposal.of(nowMillis, "test", command)).state();
  }
}
