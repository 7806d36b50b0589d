package io.trivet.cluster.state;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.VipAssignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterStateTest {
  private static final Roster ROSTER =
      new Roster(
          List.of("c1", "c2", "c3"),
          List.of("galera", "haproxy", "keystone", "public"),
          List.of("public"));

  private ClusterState state = ClusterState.empty();
  private long now = 1_000_000;
  private final List<Notice> said = new ArrayList<>();

  private Applied apply(Command command) {
    return apply(Proposal.of(now, "admin", command));
  }

  private Applied apply(Proposal proposal) {
    Applied applied = state.apply(state.index() + 1, proposal);
    state = applied.state();
    said.addAll(applied.notices());
    return applied;
  }

  private void start() {
    apply(new Command.SetClusterFile("name: lab", ROSTER));
    for (String node : ROSTER.nodes()) {
      apply(new Command.NodePresence(node, Presence.PRESENT));
    }
    said.clear();
  }

  private void report(String resource, String node, RunState run, long actedEpoch, String detail) {
    apply(new Command.Observe(node, List.of(Report.of(resource, node, run, actedEpoch, detail))));
  }

  private List<String> ids() {
    return said.stream().map(Notice::id).toList();
  }

  @Test
  void aFreshClusterKnowsItsControllersAsGoneUntilTheyAreHeard() {
    apply(new Command.SetClusterFile("name: lab", ROSTER));
    assertEquals(List.of("c1", "c2", "c3"), List.copyOf(state.nodes().keySet()));
    assertEquals(Presence.GONE, state.node("c1").presence());
    apply(new Command.NodePresence("c1", Presence.PRESENT));
    assertTrue(state.node("c1").eligible());
    assertEquals(List.of("cluster-file-set", "controller-joined"), ids());
  }

  @Test
  void presenceIsToldOnceAndAGoneNodeIsNoLongerKnownToRunAnything() {
    start();
    apply(new Command.AssignVip("public", "c1", List.of("c2", "c3"), "first start"));
    report("haproxy", "c1", RunState.STARTED, 0, "");
    said.clear();
    apply(new Command.NodePresence("c1", Presence.GONE));
    apply(new Command.NodePresence("c1", Presence.GONE));
    assertEquals(List.of("controller-gone"), ids());
    assertTrue(said.getFirst().text().contains("It held VIP public"), said.getFirst().text());
    assertEquals(RunState.UNKNOWN, state.runState("haproxy", "c1"));
    now += 12_300;
    apply(new Command.NodePresence("c1", Presence.PRESENT));
    assertEquals("Controller c1 is back after 12 s.", said.getLast().text());
    assertEquals(
        RunState.UNKNOWN, state.runState("haproxy", "c1"), "an old report says nothing about now");
  }

  @Test
  void namesThatAreNotInTheFileAreRefusedAndChangeNothing() {
    start();
    ClusterState before = state;
    List<Command> wrong =
        List.of(
            new Command.NodePresence("c9", Presence.PRESENT),
            new Command.SetStandby("c9", true),
            new Command.SetTarget("galera", "c9", Wanted.STARTED, Target.PLAIN, "x"),
            new Command.SetTarget("nova", "c1", Wanted.STARTED, Target.PLAIN, "x"),
            new Command.AssignVip("galera", "c1", List.of(), "x"),
            new Command.AssignVip("public", "c1", List.of("c9"), "x"),
            new Command.Prefer("public", "c9"),
            new Command.ClearPreference("nova"),
            new Command.AcceptLoss("nova", "c1"),
            new Command.WithdrawLoss("nova"),
            new Command.Observe("c9", List.of()),
            new Command.Observe("c1", List.of(Report.of("nova", "c1", RunState.STARTED, 0, ""))));
    for (Command command : wrong) {
      Applied applied = apply(command);
      assertEquals(1, applied.refusals().size(), command.toString());
      assertEquals("command-refused", applied.notices().getLast().id(), command.toString());
    }
    assertEquals(before.targets(), state.targets());
    assertEquals(before.vips(), state.vips());
    assertEquals(before.nodes(), state.nodes());
    assertEquals(before.observations(), state.observations());
    assertTrue(said.getFirst().text().contains("it has c1, c2 and c3"), said.getFirst().text());
  }

  @Test
  void aRefusalThatRepeatsIsToldOnceAMinute() {
    start();
    for (int i = 0; i < 130; i++) {
      apply(new Command.SetStandby("c9", true));
      now += 1_000;
    }
    assertEquals(3, said.size());
  }

  @Test
  void aTargetAlwaysGetsANewEpochButSameReportsAndAssignmentsChangeNothing() {
    start();
    apply(new Command.SetTarget("galera", "c1", Wanted.STARTED, "join", "a"));
    long first = epochOf("galera", "c1");
    apply(new Command.SetTarget("galera", "c1", Wanted.STARTED, "join", "a"));
    assertTrue(epochOf("galera", "c1") > first);

    apply(new Command.AssignVip("public", "c1", List.of("c2"), "a"));
    VipAssignment assignment = state.vips().get("public");
    apply(new Command.AssignVip("public", "c1", List.of("c2"), "b"));
    assertEquals(assignment, state.vips().get("public"));

    report("haproxy", "c1", RunState.STARTED, 1, "ok");
    Observation observation = state.observation("haproxy", "c1");
    now += 50;
    report("haproxy", "c1", RunState.STARTED, 1, "ok");
    assertEquals(observation, state.observation("haproxy", "c1"));
  }

  private long epochOf(String resource, String node) {
    Target target = state.target(resource, node);
    assertNotNull(target);
    return target.epoch();
  }

  @Test
  void aDecisionOlderThanTheLastOneAboutTheSameResourceIsRefused() {
    start();
    long seen = state.index();
    Command first =
        new Command.SetTarget("galera", "c1", Wanted.STARTED, Target.BOOTSTRAP, "most advanced");
    Command second =
        new Command.SetTarget("galera", "c2", Wanted.STARTED, Target.BOOTSTRAP, "most advanced");
    apply(new Proposal(now, "leader c1", seen, first));
    Applied late = apply(new Proposal(now, "leader c2", seen, second));
    assertEquals(1, late.refusals().size());
    assertTrue(late.refusals().getFirst().stale());
    assertEquals(List.of(), late.notices());
    assertNull(state.target("galera", "c2"));
    assertEquals(List.of("bootstrap-decided"), ids());
  }

  @Test
  void theCommandsOfOneBatchDoNotMakeEachOtherStaleAndMakeOneSentence() {
    start();
    List<Command> commands = new ArrayList<>();
    for (String node : ROSTER.nodes()) {
      commands.add(
          new Command.SetTarget("keystone", node, Wanted.STARTED, Target.PLAIN, "galera is up"));
    }
    Applied applied =
        apply(new Proposal(now, "leader c1", state.index(), new Command.Batch(commands)));
    assertEquals(List.of(), applied.refusals());
    assertEquals(3, requireNonNull(state.targets().get("keystone")).size());
    assertEquals(
        List.of("keystone is told to start on c1, c2 and c3: galera is up."),
        applied.notices().stream().map(Notice::text).toList());
  }

  @Test
  void aVipMoveIsToldWithItsReason() {
    start();
    apply(new Command.AssignVip("public", "c1", List.of("c2", "c3"), "first start"));
    apply(new Command.AssignVip("public", "c1", List.of("c3", "c2"), "c2 leads"));
    apply(new Command.AssignVip("public", "c3", List.of("c2"), "c1 is gone"));
    report("public", "c2", RunState.STARTED, 0, "answers for it");
    apply(new Command.AssignVip("public", "c2", List.of(), "c2 took it over"));
    apply(new Command.AssignVip("public", null, List.of(), "no load balancer is up"));
    assertEquals(
        List.of("vip-assigned", "vip-moved", "vip-answers", "vip-moved", "vip-unheld"), ids());
    assertEquals("VIP public is assigned to c3 instead of c1: c1 is gone.", said.get(1).text());
    assertEquals("VIP public answers on c2.", said.get(2).text());
    assertEquals(
        "VIP public is assigned to c2 instead of c3: c2 took it over.", said.get(3).text());
    assertEquals(Severity.CRITICAL, said.get(4).severity());
  }

  @Test
  void failuresAreCountedInARowAndForgottenAfterAMinuteOfRunning() {
    start();
    apply(new Command.SetTarget("galera", "c1", Wanted.STARTED, "join", "a"));
    long epoch = epochOf("galera", "c1");
    report("galera", "c1", RunState.STARTING, epoch, "");
    report("galera", "c1", RunState.STARTED, epoch, "Synced");
    assertEquals(0, failures("galera", "c1"));
    now += 1_000;
    report("galera", "c1", RunState.STOPPED, epoch, "killed by signal 9");
    assertEquals(1, failures("galera", "c1"), "down without an order is a failure");
    for (int i = 2; i <= 3; i++) {
      apply(new Command.SetTarget("galera", "c1", Wanted.STARTED, "join", "again"));
      report("galera", "c1", RunState.STOPPED, epochOf("galera", "c1"), "exit code 1");
      assertEquals(
          i, failures("galera", "c1"), "each try counts, also when nobody saw it starting");
    }
    now += 500;
    report("galera", "c1", RunState.STARTING, epochOf("galera", "c1"), "");
    report("galera", "c1", RunState.STARTED, epochOf("galera", "c1"), "Synced");
    assertEquals("galera on c1 is up again after 0.5 s: Synced.", said.getLast().text());
    now += ClusterState.STABLE_MILLIS;
    report("galera", "c1", RunState.STOPPED, epochOf("galera", "c1"), "killed by signal 9");
    assertEquals(1, failures("galera", "c1"));
  }

  @Test
  void aStopThatWasOrderedIsNoFailureNorIsADownServiceAfterPowerCameBack() {
    start();
    apply(new Command.SetTarget("keystone", "c1", Wanted.STARTED, Target.PLAIN, "a"));
    report("keystone", "c1", RunState.STARTED, epochOf("keystone", "c1"), "");
    apply(new Command.NodePresence("c1", Presence.GONE));
    apply(new Command.NodePresence("c1", Presence.PRESENT));
    report("keystone", "c1", RunState.STOPPED, epochOf("keystone", "c1"), "");
    assertEquals(0, failures("keystone", "c1"));
    report("keystone", "c1", RunState.STARTED, epochOf("keystone", "c1"), "");
    apply(new Command.SetTarget("keystone", "c1", Wanted.STOPPED, Target.PLAIN, "standby"));
    report("keystone", "c1", RunState.STOPPED, epochOf("keystone", "c1"), "");
    assertEquals(0, failures("keystone", "c1"));
    assertEquals("service-stopped", said.getLast().id());
  }

  private int failures(String resource, String node) {
    Observation observation = state.observation(resource, node);
    assertNotNull(observation);
    return observation.failures();
  }

  @Test
  void aWishEndsWithThePresenceOrTheDutyOfItsNode() {
    start();
    apply(new Command.Prefer("public", "c2"));
    apply(new Command.NodePresence("c2", Presence.GONE));
    assertTrue(state.preferences().isEmpty());
    apply(new Command.Prefer("public", "c3"));
    apply(new Command.SetStandby("c3", true));
    assertTrue(state.preferences().isEmpty());
    assertEquals(1, apply(new Command.Prefer("public", "c3")).refusals().size());
    apply(new Command.Prefer("public", "c1"));
    apply(new Command.ClearPreference("public"));
    assertTrue(state.preferences().isEmpty());
    assertTrue(ids().contains("preference-ended"));
  }

  @Test
  void anAcceptedLossHoldsForOneBootstrap() {
    start();
    assertEquals(1, apply(new Command.AcceptLoss("galera", "c2")).refusals().size());
    asks("start c1:c2,c3 c2:c3");
    assertEquals(1, apply(new Command.AcceptLoss("galera", "c3")).refusals().size());
    apply(new Command.AcceptLoss("galera", "c2"));
    assertEquals(
        List.of("c3"), Objects.requireNonNull(state.acceptedLosses().get("galera")).lost());
    apply(new Command.SetTarget("galera", "c1", Wanted.STARTED, "join", "a"));
    assertEquals(1, state.acceptedLosses().size());
    apply(
        new Command.SetTarget(
            "galera", "c2", Wanted.STARTED, Target.BOOTSTRAP, "the operator accepts the loss"));
    assertTrue(state.acceptedLosses().isEmpty());
  }

  @Test
  void anAcceptedLossEndsWithItsRecovery() {
    start();
    for (String next :
        List.of("start c1:c2,c3 c2:c1,c3", "start c1:c2", "join c2:c3", "nonsense")) {
      asks("start c1:c2,c3 c2:c3");
      apply(new Command.AcceptLoss("galera", "c2"));
      assertEquals(1, state.acceptedLosses().size());
      asks(next);
      assertTrue(state.acceptedLosses().isEmpty(), next);
      assertEquals("loss-ended", said.getLast().id());
    }
    asks("start c2:c1,c3");
    apply(new Command.AcceptLoss("galera", "c2"));
    asks("start c2:c3");
    assertEquals(1, state.acceptedLosses().size(), "less would be lost");
    asks(null);
    assertTrue(state.acceptedLosses().isEmpty());
    asks("start c2:c3");
    apply(new Command.AcceptLoss("galera", "c2"));
    apply(new Command.WithdrawLoss("galera"));
    assertTrue(state.acceptedLosses().isEmpty());
    assertEquals(1, apply(new Command.WithdrawLoss("galera")).refusals().size());
  }

  private void asks(@Nullable String recovery) {
    apply(new Command.SetAttribute(Recovery.attribute("galera"), recovery, "a reason"));
  }

  @Test
  void aNewFileForgetsWhatItNoLongerNames() {
    start();
    apply(new Command.AssignVip("public", "c1", List.of("c2", "c3"), "a"));
    apply(new Command.SetTarget("keystone", "c3", Wanted.STARTED, Target.PLAIN, "a"));
    report("keystone", "c3", RunState.STARTED, 0, "");
    apply(
        new Command.SetClusterFile(
            "name: less",
            new Roster(List.of("c2", "c3", "c4"), List.of("galera", "public"), List.of("public"))));
    assertEquals(List.of("c2", "c3", "c4"), List.copyOf(state.nodes().keySet()));
    assertEquals(List.of("c2", "c3"), requireNonNull(state.vips().get("public")).heirs());
    assertNull(requireNonNull(state.vips().get("public")).holder());
    assertTrue(state.targets().isEmpty());
    assertTrue(state.observations().isEmpty());
    assertTrue(state.node("c2").present());
  }

  @Test
  void theTimelineIsBoundedAndStillCounts() {
    start();
    for (int i = 0; i < 700; i++) {
      apply(new Command.Say(Notice.info("drill", null, "drill", "Drill " + i + " began.")));
    }
    assertEquals(ClusterState.TIMELINE_LENGTH, state.notices().size());
    assertEquals(704, state.noticeCount());
    assertEquals("Drill 699 began.", state.notices().getLast().text());
    assertEquals(now, state.notices().getLast().atMillis());
  }

  @Test
  void anAttributeIsToldWithWhatItWas() {
    start();
    apply(new Command.SetAttribute("galera.writer", "c1", "first one Synced"));
    apply(new Command.SetAttribute("galera.writer", "c1", "first one Synced"));
    apply(new Command.SetAttribute("galera.writer", "c2", "c1 is gone"));
    apply(new Command.SetAttribute("galera.writer", null, "nobody is Synced"));
    assertEquals(List.of("writer-changed", "writer-changed", "writer-changed"), ids());
    assertEquals("galera.writer is c2 (was c1): c1 is gone.", said.get(1).text());
    assertNull(state.attribute("galera.writer"));
  }

  @Test
  void theSameLogGivesTheSameState() {
    start();
    apply(new Command.AssignVip("public", "c1", List.of("c2", "c3"), "a"));
    ClusterState once = state;
    state = ClusterState.empty();
    start();
    apply(new Command.AssignVip("public", "c1", List.of("c2", "c3"), "a"));
    assertEquals(once, state);
    assertEquals(once.toString(), state.toString());
  }

  @Test
  void anEntryIsNotAppliedTwice() {
    start();
    Proposal proposal = Proposal.of(now, "admin", new Command.SetStandby("c1", true));
    assertThrows(IllegalArgumentException.class, () -> state.apply(state.index(), proposal));
  }

  @Test
  void recordsRefuseNonsense() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Command.AssignVip("public", "c1", List.of("c1"), "x"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Command.AssignVip("public", "c1", List.of("c2", "c2"), "x"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Command.Observe("c1", List.of(Report.of("galera", "c2", RunState.STARTED, 0, ""))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Command.SetTarget(" ", "c1", Wanted.STARTED, "x", "x"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Roster(List.of("c1", "c1"), List.of(), List.of()));
  }
}
