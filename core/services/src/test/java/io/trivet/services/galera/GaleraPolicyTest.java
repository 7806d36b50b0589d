package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.scheduler.StartDecision;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the leader decides for the members of a Galera cluster, as an operator would tell it.
class GaleraPolicyTest extends GaleraScene {
  private static final String B = "bbbbbbbb-e6d3-11f1-b417-2ff868496a8c";

  @Test
  void theFirstStartBootstrapsOneAndTheOthersCopyOneAfterTheOther() {
    down("c1", GaleraPosition.NONE);
    down("c2", GaleraPosition.NONE);
    assertWaits("c1", "is being read");
    down("c3", GaleraPosition.NONE);
    assertEquals(Target.BOOTSTRAP, started("c1"));
    assertWaits("c2", "c1 is starting first");
    synced("c1", "c1");
    decide();
    assertEquals("c1", state.attribute("galera.writer"));
    assertEquals("c1", state.attribute("galera.primary"));
    assertEquals(A, state.attribute("galera.history"));
    assertEquals(GaleraPolicy.JOIN, started("c2"));
    assertWaits("c3", "c2 joins first");
    decide();
    assertEquals("c1 c2", state.attribute("galera.primary"));
  }

  @Test
  void aFirstStartThatBrokeOffBeginsAnewWhenAllAreBackAndEmpty() {
    NODES.forEach(n -> down(n, GaleraPosition.NONE));
    assertEquals(Target.BOOTSTRAP, started("c1"));
    decide();
    assertEquals("c1", state.attribute("galera.primary"));
    assertNull(state.attribute("galera.history"), "nobody saw a component");
    powerFails();
    goes("c1");
    down("c2", GaleraPosition.NONE);
    down("c3", GaleraPosition.NONE);
    StartDecision.Wait wait = assertWaits("c2", "c1 may: the first start needs all controllers");
    assertEquals("trivet resource accept-loss galera --node c2", wait.command());
    comes("c1");
    assertWaits("c2", "c1 is starting first");
    down("c1", GaleraPosition.NONE);
    assertEquals(Target.BOOTSTRAP, started("c1"));
  }

  @Test
  void dataThatWasSeenIsNotStartedAnewByItself() {
    running();
    powerFails();
    NODES.forEach(n -> down(n, GaleraPosition.NONE));
    StartDecision.Wait wait = assertWaits("c1", "it had a copy and has none");
    assertEquals("trivet resource accept-loss galera --node c1", wait.command());
  }

  @Test
  void membersWithACopyJoinTogether() {
    running();
    down("c2", known(118));
    down("c3", known(119));
    synced("c1", "c1");
    decide();
    assertEquals(GaleraPolicy.JOIN, started("c2"));
    assertEquals(GaleraPolicy.JOIN, started("c3"));
  }

  @Test
  void theWriterMovesWhenItsControllerIsGoneAndNotBack() {
    running();
    assertEquals("c1", state.attribute("galera.writer"));
    goes("c1");
    decide();
    assertEquals("c2", state.attribute("galera.writer"));
    assertEquals("c1 c2 c3", state.attribute("galera.primary"), "nobody saw the component yet");
    synced("c2", "c2 c3");
    synced("c3", "c2 c3");
    decide();
    assertEquals("c2 c3", state.attribute("galera.primary"));
    comes("c1");
    down("c1", known(100));
    started("c1");
    synced("c1", "c1 c2 c3");
    decide();
    assertEquals("c2", state.attribute("galera.writer"));
  }

  @Test
  void afterAnOutageOfAllTheLastWriteDecides() {
    running();
    powerFails();
    down("c1", known(100));
    down("c2", known(120));
    assertWaits("c1", "position of c3 is being read");
    down("c3", known(119));
    assertWaits("c1", "c2 is bootstrapped first");
    assertEquals(Target.BOOTSTRAP, started("c2"));
    assertWaits("c1", "c2 is starting first");
    assertWaits("c3", "c2 is starting first");
  }

  @Test
  void oneThatLeftBeforeTheOutageIsNotWaitedFor() {
    running();
    goes("c3");
    synced("c1", "c1 c2");
    synced("c2", "c1 c2");
    decide();
    powerFails();
    down("c1", known(120));
    down("c2", known(120));
    assertEquals(Target.BOOTSTRAP, started("c1"));
  }

  @Test
  void oneThatMayHoldNewerWritesIsWaitedForUntilAnOperatorDecides() {
    running();
    powerFails();
    goes("c3");
    down("c1", known(120));
    down("c2", known(121));
    StartDecision.Wait wait = assertWaits("c1", "c3 may hold newer writes than c2 (at 121)");
    assertEquals("trivet resource accept-loss galera --node c2", wait.command());
    decide();
    assertEquals("start c1:c2,c3 c2:c3", state.attribute("galera.recovery"));
    apply(new Command.AcceptLoss("galera", "c2"));
    assertWaits("c2", "noted first who has to copy");
    decide();
    assertEquals("c3", state.attribute("galera.overruled"));
    assertEquals(Target.BOOTSTRAP, started("c2"));
    assertNull(state.acceptedLosses().get("galera"), "a wish holds for one bootstrap");
    decide();
    assertEquals("c3", state.attribute("galera.overruled"), "it is on its way");
    synced("c2", "c2");
    decide();
    assertEquals("c3", state.attribute("galera.copy"));
    assertNull(state.attribute("galera.overruled"));
    assertNull(state.attribute("galera.recovery"));
    // c3 returns with writes that the others do not have, under the same history: Galera would
    // let it keep them, so it has to copy everything.
    comes("c3");
    down("c3", known(125));
    assertEquals(GaleraPolicy.JOIN_COPY, started("c3"));
    synced("c3", "c2 c3");
    decide();
    assertNull(state.attribute("galera.copy"));
  }

  @Test
  void nobodyJoinsAComponentThatIsOnlyRemembered() {
    running();
    nowMillis += 60_000;
    apply(new Command.NodeStarted("c1", nowMillis));
    down("c1", known(120));
    assertWaits("c1", "still counts it");
    apply(new Command.NodeStarted("c2", nowMillis));
    apply(new Command.NodeStarted("c3", nowMillis));
    down("c2", known(120));
    down("c3", known(120));
    assertEquals(Target.BOOTSTRAP, started("c1"));
  }

  @Test
  void aLossIsNotAcceptedWhileNothingIsRecovered() {
    running();
    apply(new Command.AcceptLoss("galera", "c1"));
    assertTrue(state.acceptedLosses().isEmpty());
    assertEquals("command-refused", state.notices().getLast().id());
    powerFails();
    down("c1", known(100));
    down("c2", known(120));
    down("c3", known(119));
    decide();
    apply(new Command.AcceptLoss("galera", "c1"));
    assertTrue(state.acceptedLosses().isEmpty(), "all are here, there is nothing to decide");
    assertEquals(Target.BOOTSTRAP, started("c2"));
  }

  @Test
  void anAcceptedLossEndsWhenTheMissingOneIsBack() {
    running();
    powerFails();
    goes("c3");
    down("c1", known(120));
    down("c2", known(121));
    decide();
    apply(new Command.AcceptLoss("galera", "c2"));
    comes("c3");
    down("c3", known(125));
    assertWaits("c2", "c3 is bootstrapped first");
    decide();
    assertTrue(state.acceptedLosses().isEmpty());
    assertEquals(Target.BOOTSTRAP, started("c3"));
    decide();
    assertNull(state.attribute("galera.overruled"), "nothing came of it");
  }

  @Test
  void anAcceptedLossEndsWhenMoreWouldBeLost() {
    running();
    powerFails();
    goes("c3");
    down("c1", known(120));
    down("c2", known(121));
    decide();
    apply(new Command.AcceptLoss("galera", "c2"));
    goes("c1");
    down("c2", known(110));
    assertWaits("c2", "may hold newer writes");
    decide();
    assertTrue(state.acceptedLosses().isEmpty());
    assertEquals("start c2:c1,c3", state.attribute("galera.recovery"));
  }

  @Test
  void anAcceptedLossIsTakenBack() {
    running();
    powerFails();
    goes("c3");
    down("c1", known(120));
    down("c2", known(121));
    decide();
    apply(new Command.AcceptLoss("galera", "c2"));
    apply(new Command.WithdrawLoss("galera"));
    assertWaits("c2", "may hold newer writes");
    decide();
    assertNull(state.attribute("galera.overruled"));
    apply(new Command.WithdrawLoss("galera"));
    assertEquals("command-refused", state.notices().getLast().id());
  }

  /// What was given up has a higher number than what the cluster went on with.
  @Test
  void whatWasGivenUpIsNotRecoveredAtTheNextOutage() {
    running();
    powerFails();
    goes("c3");
    down("c1", known(120));
    down("c2", known(121));
    decide();
    apply(new Command.AcceptLoss("galera", "c2"));
    decide();
    started("c2");
    synced("c2", "c2");
    decide();
    powerFails();
    comes("c3");
    down("c1", known(120));
    down("c2", known(123));
    down("c3", known(125));
    assertWaits("c3", "c2 is bootstrapped first");
    assertEquals(Target.BOOTSTRAP, started("c2"));
  }

  /// The disk of the newest member is not mounted: an empty folder is no empty member.
  @Test
  void dataThatIsMissingIsWaitedFor() {
    running();
    assertEquals("c1 c2 c3", state.attribute("galera.data"));
    powerFails();
    down("c1", known(120));
    down("c2", known(120));
    down("c3", GaleraPosition.NONE);
    StartDecision.Wait wait = assertWaits("c1", "c3 (it had a copy and has none");
    assertEquals("trivet resource accept-loss galera --node c1", wait.command());
    down("c3", known(130));
    assertEquals(Target.BOOTSTRAP, started("c3"));
  }

  @Test
  void aMemberWhoseDataIsMissingDoesNotJoinByItself() {
    running();
    down("c3", GaleraPosition.unreadable("cannot read /var/lib/mysql: EIO"));
    synced("c1", "c1 c2");
    synced("c2", "c1 c2");
    StartDecision.Wait wait = assertWaits("c3", "nobody can tell what it has");
    assertEquals("trivet resource accept-loss galera --node c1", wait.command());
    decide();
    assertEquals("join c1:c3", state.attribute("galera.recovery"));
    apply(new Command.AcceptLoss("galera", "c1"));
    assertEquals(GaleraPolicy.JOIN_COPY, started("c3"));
    decide();
    assertTrue(state.acceptedLosses().isEmpty(), "it is over");
  }

  @Test
  void aSecondBootstrapIsNotDecidedWhileTheFirstMayRun() {
    running();
    powerFails();
    NODES.forEach(n -> down(n, known(120)));
    assertEquals(Target.BOOTSTRAP, started("c1"));
    decide();
    goes("c1");
    assertWaits("c2", "c1 may hold newer writes");
    comes("c1");
    assertWaits("c2", "c1 is starting first");
    report("c1", RunState.STOPPED, GaleraReport.down(known(120)), epoch("c1"));
    assertEquals(Target.BOOTSTRAP, started("c1"), "it reported that it does not run");
  }

  @Test
  void anotherHistoryIsNotReplacedWithoutAnOperator() {
    running();
    down("c3", GaleraPosition.known(B, 7, false));
    StartDecision.Wait wait = assertWaits("c3", "another history");
    assertEquals("trivet resource accept-loss galera --node c1", wait.command());
    synced("c1", "c1 c2");
    synced("c2", "c1 c2");
    decide();
    assertEquals("join c1:c3", state.attribute("galera.recovery"));
    apply(new Command.AcceptLoss("galera", "c1"));
    assertEquals(GaleraPolicy.JOIN_COPY, started("c3"));
  }

  @Test
  void membersOutsideOfAComponentMergeOrStopToCompare() {
    running();
    NODES.forEach(this::outside);
    assertWaits("c1", "merges by itself");
    nowMillis += GaleraPolicy.MERGE_MILLIS;
    assertEquals(Target.LEAVE, started("c1"));
    assertEquals(Target.LEAVE, started("c2"));
    goes("c3");
    outside("c1");
    assertWaits("c1", "c3 of the last one is missing");
  }

  @Test
  void survivorsThatLostSightOfEachOtherFormTheComponentAgain() {
    running();
    goes("c3");
    outsideWith("c1", "c1 unspecified");
    assertWaits("c1", "merges by itself");
    outsideWith("c2", "c2 unspecified");
    assertWaits("c2", "c1 re-forms");
    assertEquals(GaleraPolicy.REFORM, started("c1"));
    synced("c1", "c1 c2");
    synced("c2", "c1 c2");
    decide();
    assertEquals("c1 c2", state.attribute("galera.primary"));
  }

  @Test
  void aMinorityFormsNothingAndNobodyFormsBesideAnother() {
    running();
    goes("c3");
    outsideWith("c1", "c1");
    outsideWith("c2", "c2");
    assertWaits("c1", "merges by itself");
    goes("c2");
    assertWaits("c1", "merges by itself");
    comes("c2");
    assertWaits("c1", "merges by itself");
    comes("c3");
    outsideWith("c1", "c1 unspecified");
    outsideWith("c2", "c2 unspecified");
    assertWaits("c1", "merges by itself");
  }

  @Test
  void aMemberThatFellOutIsMadeToJoin() {
    running();
    outside("c3");
    assertWaits("c3", "merges by itself");
    nowMillis += GaleraPolicy.MERGE_MILLIS;
    assertEquals(GaleraPolicy.REJOIN, started("c3"));
  }

  @Test
  void aDonorIsTheWriterOnlyIfNobodyElseCan() {
    running();
    report("c1", RunState.STARTED, up("Donor/Desynced", "c1 c2 c3"), epoch("c1"));
    decide();
    assertEquals("c2", state.attribute("galera.writer"));
    report("c2", RunState.STARTED, up("Donor/Desynced", "c1 c2 c3"), epoch("c2"));
    report("c3", RunState.STARTING, up("Joining", "c1 c2 c3"), epoch("c3"));
    decide();
    assertEquals("c2", state.attribute("galera.writer"));
  }

  @Test
  void noWriterIsNamedWhenNobodyCanBeOne() {
    running();
    NODES.forEach(this::outside);
    decide();
    assertNull(state.attribute("galera.writer"));
  }

  @Test
  void theWriterIsHandedOverBeforeItStops() {
    running();
    apply(new Command.SetStandby("c1", true));
    assertNotNull(policy.holdsUpStop(view(), "c1"));
    assertNull(policy.holdsUpStop(view(), "c2"));
    decide();
    assertEquals("c2", state.attribute("galera.writer"));
    assertNull(policy.holdsUpStop(view(), "c1"));
  }

  @Test
  void anOperatorMovesTheWriter() {
    running();
    apply(new Command.Prefer("galera", "c3"));
    decide();
    assertEquals("c3", state.attribute("galera.writer"));
  }

  @Test
  void nothingIsDecidedTwice() {
    running();
    assertEquals(List.of(), policy.alsoDecide(view()));
  }

  // How a cluster is told

  /// All daemons begin anew, before anybody could write down who was gone.
  private void powerFails() {
    nowMillis += 60_000;
    NODES.forEach(n -> apply(new Command.NodeStarted(n, nowMillis)));
  }

  private void comes(String node) {
    apply(new Command.NodePresence(node, Presence.PRESENT));
  }

  private void goes(String node) {
    apply(new Command.NodePresence(node, Presence.GONE));
  }

  private void outside(String node) {
    GaleraReport facts =
        new GaleraReport(true, "Initialized", false, "", 0, List.of(node), GaleraPosition.UNKNOWN);
    report(node, RunState.FAILED, facts, epoch(node));
  }

  private void outsideWith(String node, String members) {
    GaleraReport facts =
        new GaleraReport(
            true, "Initialized", false, "", 0, List.of(members.split(" ")), GaleraPosition.UNKNOWN);
    report(node, RunState.FAILED, facts, epoch(node));
  }
}
