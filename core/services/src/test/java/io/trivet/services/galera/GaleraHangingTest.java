package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What the leader decides about members of a Galera cluster that hang, or are not believed.
class GaleraHangingTest extends GaleraScene {

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
}
