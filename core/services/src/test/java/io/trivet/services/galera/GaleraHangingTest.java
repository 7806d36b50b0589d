package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
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

  /// What failed before in another way, and hangs now, hangs since now.
  @Test
  void howLongItHangsIsCountedFromWhenItBeganToHang() {
    running();
    report("c1", RunState.FAILED, up("Synced", "c1 c2 c3"), epoch("c1"));
    nowMillis += 10 * GaleraPolicy.LONGEST_MILLIS;
    hangs("c1", "works");
    assertWaits("c1", "works on something");
    hangs("c1", "works", "15");
    assertEquals(GaleraPolicy.REJOIN, started("c1"));
  }

  @Test
  void aMemberWithoutAConnectionIsNotKilledForOneLateAnswer() {
    running();
    nowMillis += GaleraPolicy.LONGEST_MILLIS;
    hangs("c1", "works", "15", "full");
    assertWaits("c1", "no connection left");
    hangs("c1", "stopped", "15", "full");
    assertWaits("c1", "no connection left");
    hangs("c1", "stopped", "60", "full");
    assertEquals(GaleraPolicy.REJOIN, started("c1"));
  }

  /// A donor that hangs never lets the one end that copies from it.
  @Test
  void whoIsOnItsWayHoldsUpNobodyForEver() {
    running();
    down("c3", known(100));
    report("c3", RunState.STARTING, up("Joining", "c2 c3"), epoch("c3"));
    hangs("c1", "stopped", "60");
    assertWaits("c1", "c3 gets back first");
    hangs("c1", "stopped", "300");
    assertEquals(GaleraPolicy.REJOIN, started("c1"));
  }

  @Test
  void thatAllAreSlowIsNoReasonToStopAll() {
    running();
    NODES.forEach(n -> hangs(n, "works", "60"));
    nowMillis += GaleraPolicy.LAST_MILLIS;
    NODES.forEach(n -> assertWaits(n, "no other member is Synced"));
    NODES.forEach(n -> hangs(n, "stopped", "60"));
    assertEquals(Target.LEAVE, started("c1"));
  }

  /// E.g. somebody took root's right to log in without a password away, on all members.
  @Test
  void whoOnlyAnswersWithErrorsIsNotStoppedAsTheLastOne() {
    running();
    for (String node : NODES) {
      apply(
          new Command.Observe(
              node,
              List.of(
                  new Report(
                      "galera",
                      node,
                      RunState.FAILED,
                      epoch(node),
                      "it does not answer SQL: Access denied",
                      new TreeMap<>(Map.of("up", "yes"))))));
    }
    nowMillis += GaleraPolicy.LONGEST_MILLIS;
    NODES.forEach(n -> assertWaits(n, "nobody can tell whether it is in the primary component"));
    synced("c2", "c1 c2 c3");
    assertEquals(GaleraPolicy.REJOIN, started("c1"));
  }

  /// A file system that the kernel made read-only, a full one: another member is the writer, and
  /// nobody is started anew for it.
  @Test
  void aMemberThatCannotWriteIsNotTheWriter() {
    running();
    cannotWrite("c1");
    decide();
    assertEquals("c2", state.attribute("galera.writer"));
    assertEquals("c1 c2 c3", state.attribute("galera.primary"));
    nowMillis += GaleraPolicy.LONGEST_MILLIS;
    assertWaits("c1", "it cannot write (/var/lib/mysql: Read-only file system)");
    cannotWrite("c2");
    cannotWrite("c3");
    decide();
    assertEquals("c2", state.attribute("galera.writer"), "it still serves what is read");
    NODES.forEach(n -> assertWaits(n, "it cannot write"));
  }

  private void cannotWrite(String node) {
    NavigableMap<String, String> facts = up("Synced", "c1 c2 c3").facts();
    facts.put("unwritable", "/var/lib/mysql: Read-only file system");
    apply(
        new Command.Observe(
            node, List.of(new Report("galera", node, RunState.FAILED, epoch(node), "", facts))));
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
    hangs(node, how, "0");
  }

  private void hangs(String node, String how, String seconds, String... more) {
    NavigableMap<String, String> facts = new TreeMap<>(Map.of("up", "yes"));
    facts.put("hangs", how);
    facts.put("hung", seconds);
    List.of(more).forEach(fact -> facts.put(fact, "yes"));
    apply(
        new Command.Observe(
            node,
            List.of(
                new Report(
                    "galera", node, RunState.FAILED, epoch(node), "hangs: no answer", facts))));
  }
}
