package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the leader decides about members of a Galera cluster that hang, or are not believed.
class GaleraHangingTest {
  private static final String A = "aaaaaaaa-e6d3-11f1-b417-2ff868496a8c";
  private static final List<String> NODES = List.of("c1", "c2", "c3");

  private final GaleraPolicy policy = new GaleraPolicy();
  private ClusterState state = ClusterState.empty();
  private long nowMillis = 1_000;

  @BeforeEach
  void threeControllers() {
    apply(new Command.SetClusterFile("lab", new Roster(NODES, List.of("galera"), List.of())));
    NODES.forEach(n -> apply(new Command.NodePresence(n, Presence.PRESENT)));
  }

  @Test
  void aWriterThatHangsIsReplacedAtOnceAndStartedAnewWhenItDoesNotGetOn() {
    running();
    hangs("c1", "works");
    decide();
    assertEquals("c2", state.attribute("galera.writer"));
    assertWaits("c1", "it hangs, but works on something");
    hangs("c1", "stopped");
    assertEquals(GaleraPolicy.REJOIN, started("c1"));
  }

  @Test
  void membersThatHangAreStartedAnewOneAfterTheOther() {
    running();
    hangs("c1", "stopped");
    hangs("c3", "stopped");
    assertEquals(GaleraPolicy.REJOIN, started("c1"));
    assertWaits("c3", "c1 gets back first");
    down("c1", known(100));
    report("c1", RunState.STARTING, up("Joining", "c1 c2"), epoch("c1"));
    assertWaits("c3", "c1 gets back first");
    synced("c1", "c1 c2");
    assertEquals(GaleraPolicy.REJOIN, started("c3"));
  }

  @Test
  void theLastMemberThatServesIsNotStoppedForHanging() {
    running();
    NODES.forEach(n -> hangs(n, "stopped"));
    nowMillis += GaleraPolicy.LAST_MILLIS - 1_000;
    NODES.forEach(n -> assertWaits(n, "no other member is Synced"));
  }

  @Test
  void aMemberThatHasNoConnectionLeftIsLeftAlone() {
    running();
    GaleraReport nothing =
        new GaleraReport(true, "", false, "", 0, List.of(), GaleraPosition.UNKNOWN);
    NavigableMap<String, String> facts = nothing.facts();
    facts.put(GaleraReport.FULL, "yes");
    apply(
        new Command.Observe(
            "c1", List.of(new Report("galera", "c1", RunState.FAILED, epoch("c1"), "", facts))));
    nowMillis += 10 * GaleraPolicy.MERGE_MILLIS;
    assertWaits("c1", "no connection left");
  }

  @Test
  void twoMembersAreBelievedAgainstOne() {
    running();
    assertNull(policy.disbelieves(view(), "c1"));
    sees("c2", "c2 c3", 8);
    assertNull(policy.disbelieves(view(), "c1"), "one word against one");
    sees("c3", "c2 c3", 8);
    decide();
    assertEquals("c2", state.attribute("galera.writer"));
    assertEquals(
        "it calls itself Synced, but c2 and c3 are in a newer component without it",
        policy.disbelieves(view(), "c1"));
    sees("c1", "c1 c2 c3", 9);
    assertNull(policy.disbelieves(view(), "c1"), "who joins knows of it first");
  }

  private void sees(String node, String members, long number) {
    GaleraReport facts =
        new GaleraReport(
            true, "Synced", true, A, number, List.of(members.split(" ")), GaleraPosition.UNKNOWN);
    report(node, RunState.STARTED, facts, epoch(node));
  }

  private void hangs(String node, String how) {
    NavigableMap<String, String> facts = new TreeMap<>(Map.of("up", "yes"));
    facts.put("hangs", how);
    apply(
        new Command.Observe(
            node,
            List.of(
                new Report(
                    "galera", node, RunState.FAILED, epoch(node), "hangs: no answer", facts))));
  }

  private void running() {
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

  private static GaleraPosition known(long seqno) {
    return GaleraPosition.known(A, seqno, false);
  }

  private void down(String node, GaleraPosition position) {
    report(node, RunState.STOPPED, GaleraReport.down(position), epoch(node));
  }

  private void synced(String node, String members) {
    report(node, RunState.STARTED, up("Synced", members), epoch(node));
  }

  private static GaleraReport up(String word, String members) {
    return new GaleraReport(
        true, word, true, A, 7, List.of(members.split(" ")), GaleraPosition.UNKNOWN);
  }

  private void report(String node, RunState run, GaleraReport facts, long acted) {
    Report report = new Report("galera", node, run, acted, "", facts.facts());
    apply(new Command.Observe(node, List.of(report)));
  }

  private long epoch(String node) {
    Target target = state.target("galera", node);
    return target == null ? 0 : target.epoch();
  }

  /// Asks, and gives the order.
  private String started(String node) {
    StartDecision decision = policy.mayStart(view(), node);
    if (decision instanceof StartDecision.Start start) {
      apply(new Command.SetTarget("galera", node, Wanted.STARTED, start.how(), start.reason()));
      return start.how();
    }
    return decision.toString();
  }

  private StartDecision.Wait assertWaits(String node, String why) {
    StartDecision decision = policy.mayStart(view(), node);
    if (decision instanceof StartDecision.Wait wait) {
      assertTrue(wait.reason().contains(why), wait.reason());
      return wait;
    }
    throw new AssertionError(node + " may start: " + decision);
  }

  private void decide() {
    policy.alsoDecide(view()).forEach(this::apply);
  }

  private PolicyView view() {
    return new PolicyView(state, "galera", NODES, nowMillis);
  }

  private void apply(Command command) {
    state = state.apply(state.index() + 1, Proposal.of(nowMillis, "test", command)).state();
  }
}
