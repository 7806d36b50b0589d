package io.trivet.services.rabbitmq;

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
import io.trivet.services.rabbitmq.RabbitReport.Data;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the leader decides for the nodes of the broker, as an operator would tell it.
class RabbitPolicyTest {
  private static final List<String> NODES = List.of("c1", "c2", "c3");
  private static final String ALL = "c1 c2 c3";

  private final RabbitPolicy policy = new RabbitPolicy();
  private ClusterState state = ClusterState.empty();
  private long nowMillis = 1_000;

  @BeforeEach
  void threeControllers() {
    apply(new Command.SetClusterFile("lab", new Roster(NODES, List.of("rabbitmq"), List.of())));
    NODES.forEach(this::comes);
  }

  @Test
  void atTheFirstStartOneBeginsAndTheOthersJoinIt() {
    empty("c1");
    empty("c2");
    assertWaits("c1", "what c3 has on disk is being read");
    empty("c3");
    assertWaits("c2", "c1 is started first, the others join it");
    assertEquals(Target.BOOTSTRAP, started("c1"));
    assertWaits("c2", "c1 is starting first");
    assertNull(state.attribute(RabbitPolicy.FORMED));
    runs("c1", "c1");
    decide();
    assertEquals("yes", state.attribute(RabbitPolicy.FORMED));
    assertEquals(RabbitPolicy.JOIN, started("c2"));
    assertEquals(RabbitPolicy.JOIN, started("c3"));
  }

  @Test
  void theFirstStartWaitsForAllControllersOrAnOperator() {
    empty("c1");
    empty("c2");
    goes("c3");
    StartDecision.Wait wait = assertWaits("c1", "c3 may: the first start needs all controllers");
    assertEquals("trivet resource accept-loss rabbitmq --node c1", wait.command());
    decide();
    assertEquals("start c1:c3 c2:c3", state.attribute("rabbitmq.recovery"));
    apply(new Command.AcceptLoss("rabbitmq", "c1"));
    assertEquals(Target.BOOTSTRAP, started("c1"));
    assertWaits("c2", "c1 is starting first");
  }

  @Test
  void aFirstStartThatBrokeOffBeginsAnew() {
    NODES.forEach(this::empty);
    assertEquals(Target.BOOTSTRAP, started("c1"));
    powerFails();
    NODES.forEach(this::empty);
    assertEquals(Target.BOOTSTRAP, started("c1"));
  }

  @Test
  void nodesThatHangAreStartedAnewOneAfterTheOtherWhileOthersServe() {
    runs("c1", ALL);
    hangs("c2", "stopped");
    hangs("c3", "works");
    assertWaits("c3", "works on something");
    assertEquals(RabbitPolicy.REJOIN, started("c2"));
    hangs("c3", "works", "60");
    assertWaits("c3", "c2 gets back first");
    hangs("c3", "works", "15");
    report("c2", RunState.STARTED, up(ALL));
    assertEquals(RabbitPolicy.REJOIN, started("c3"));
  }

  @Test
  void nobodyIsStoppedForHangingWhileNobodyServes() {
    NODES.forEach(n -> hangs(n, "stopped"));
    nowMillis += 600_000;
    NODES.forEach(n -> assertWaits(n, "no other node serves"));
    NODES.forEach(n -> hangs(n, "works", "60"));
    NODES.forEach(n -> assertWaits(n, "no other node serves"));
    NODES.forEach(n -> hangs(n, "stopped", "60"));
    assertEquals(RabbitPolicy.REJOIN, started("c1"));
    assertWaits("c2", "c1 gets back first");
  }

  /// What served nobody before, and hangs now, hangs since now.
  @Test
  void howLongItHangsIsCountedFromWhenItBeganToHang() {
    running();
    serves("c3", false);
    nowMillis += 600_000;
    hangs("c3", "works");
    assertWaits("c3", "works on something");
  }

  /// It serves, and nobody can publish: said, and not restarted for it.
  @Test
  void aNodeThatBlocksPublishersIsAProblem() {
    running();
    assertNull(policy.impaired(view(), "c2"));
    TreeMap<String, String> facts = new TreeMap<>(up(ALL).facts());
    facts.put("short-of", "disk memory");
    apply(
        new Command.Observe(
            "c2", List.of(new Report("rabbitmq", "c2", RunState.STARTED, 9, "", facts))));
    assertEquals(
        "rabbitmq on c2 is short of disk and memory, and therefore blocks everybody who publishes,"
            + " on every node.",
        java.util.Objects.requireNonNull(policy.impaired(view(), "c2")).text());
  }

  @Test
  void aNodeThatCannotWriteIsStartedAnewWhileOthersServe() {
    running();
    NODES.forEach(this::cannotWrite);
    assertWaits("c1", "cannot write (/var: Read-only file system), and no other node serves");
    runs("c2", ALL);
    assertEquals(RabbitPolicy.REJOIN, started("c1"));
    assertWaits("c3", "c1 gets back first");
  }

  private void cannotWrite(String node) {
    TreeMap<String, String> facts = new TreeMap<>(up(ALL).facts());
    facts.put("unwritable", "/var: Read-only file system");
    Target target = state.target("rabbitmq", node);
    long acted = target == null ? 0 : target.epoch();
    apply(
        new Command.Observe(
            node, List.of(new Report("rabbitmq", node, RunState.FAILED, acted, "", facts))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c1 c2 c3", "c1 c3 c2", "c2 c1 c3", "c2 c3 c1", "c3 c1 c2", "c3 c2 c1"})
  void afterAFullOutageEachStartsAsSoonAsItIsBackInAnyOrder(String order) {
    running();
    powerFails();
    NODES.forEach(this::goes);
    for (String node : order.split(" ")) {
      comes(node);
      stopped(node, ALL, ALL);
      assertEquals(RabbitPolicy.JOIN, started(node), "nodes sort out by themselves who is newest");
      waitsForTables(node);
    }
    NODES.forEach(n -> runs(n, ALL));
    assertEquals(List.of(), policy.alsoDecide(view()));
  }

  @Test
  void whenTheLastOneIsMissingTheOthersWaitUntilAnOperatorGivesItsDataUp() {
    running();
    powerFails();
    goes("c3");
    for (String node : List.of("c1", "c2")) {
      stopped(node, ALL, ALL);
      assertEquals(RabbitPolicy.JOIN, started(node));
      waitsForTables(node);
    }
    nowMillis += 600_000;
    assertWaits("c1", "it goes on by itself");
    assertEquals(List.of(), policy.alsoDecide(view()), "nobody gives data up by himself");
    apply(new Command.AcceptLoss("rabbitmq", "c1"));
    assertTrue(state.acceptedLosses().isEmpty(), "nobody asks yet");
    waitsLongFor("c1", "c3");
    decide();
    assertEquals("start c1:c3", state.attribute("rabbitmq.recovery"));
    apply(new Command.AcceptLoss("rabbitmq", "c1"));
    decide();
    Target forced = java.util.Objects.requireNonNull(state.target("rabbitmq", "c1"));
    assertEquals(Target.FORCED, forced.how());
    assertTrue(state.acceptedLosses().isEmpty(), "once");
    waitsForTables("c1");
    decide();
    assertEquals(List.of(), policy.alsoDecide(view()));
    runs("c1", ALL);
    runs("c2", ALL);
    comes("c3");
    stopped("c3", ALL, ALL);
    assertEquals(RabbitPolicy.JOIN, started("c3"));
  }

  @Test
  void aWishFromAnEarlierTroubleDoesNotCount() {
    running();
    apply(new Command.AcceptLoss("rabbitmq", "c1"));
    assertTrue(state.acceptedLosses().isEmpty(), "the broker runs");
    stopped("c2", ALL, ALL);
    assertEquals(RabbitPolicy.JOIN, started("c2"));
    powerFails();
    goes("c3");
    stopped("c1", ALL, ALL);
    assertEquals(RabbitPolicy.JOIN, started("c1"));
    waitsForTables("c1");
    assertEquals(List.of(), policy.alsoDecide(view()));
  }

  @Test
  void aNodeThatWasKilledJoinsAgain() {
    running();
    stopped("c2", ALL, ALL);
    assertEquals(RabbitPolicy.JOIN, started("c2"));
    runs("c2", ALL);
    assertEquals(List.of(), policy.alsoDecide(view()));
  }

  @Test
  void aNodeWhoseDiskWasReplacedWaitsUntilTheOthersForgetTheOldOne() {
    running();
    empty("c2");
    StartDecision.Wait wait = assertWaits("c2", "c1 still knows the node that it was");
    assertEquals("rabbitmqctl --node rabbit@c1 forget_cluster_node rabbit@c2", wait.command());
    runs("c1", "c1 c3");
    runs("c3", "c1 c3");
    assertEquals(RabbitPolicy.JOIN, started("c2"));
  }

  @Test
  void aNodeWithoutDataStartsAfterTheOnesThatHaveSome() {
    running();
    powerFails();
    stopped("c1", ALL, ALL);
    empty("c2");
    empty("c3");
    assertWaits("c2", "c1 has data and comes first");
    assertEquals(RabbitPolicy.JOIN, started("c1"));
    assertWaits("c2", "c1 is starting first");
  }

  @Test
  void whenAllDataIsGoneItIsNotStartedEmptyWithoutAnOperator() {
    running();
    powerFails();
    NODES.forEach(this::empty);
    StartDecision.Wait wait = assertWaits("c2", "the broker had data");
    assertEquals("trivet resource accept-loss rabbitmq --node c2", wait.command());
    decide();
    assertEquals("start c1:c2,c3 c2:c1,c3 c3:c1,c2", state.attribute("rabbitmq.recovery"));
    apply(new Command.AcceptLoss("rabbitmq", "c2"));
    assertWaits("c1", "the broker had data");
    assertEquals(Target.BOOTSTRAP, started("c2"));
    assertWaits("c1", "c2 is starting first");
    runs("c2", "c2");
    assertEquals(RabbitPolicy.JOIN, started("c1"));
  }

  /// Nobody begins an empty broker beside data that cannot be read.
  @Test
  void dataThatCannotBeReadIsNotNone() {
    empty("c1");
    empty("c2");
    report("c3", RunState.STOPPED, RabbitReport.unreadable("cannot read its notes: EIO"));
    assertWaits("c1", "nobody can tell what c3 has");
    assertWaits("c3", "nobody can tell what it has on disk: cannot read its notes: EIO");
    decide();
    assertEquals("start c1:c3 c2:c3", state.attribute("rabbitmq.recovery"));
  }

  @Test
  void aNodeThatServesNobodyIsStartedAgainOnlyWhileOthersServe() {
    running();
    serves("c3", false);
    assertWaits("c3", "it goes on by itself");
    nowMillis += 59_000;
    assertWaits("c3", "it goes on by itself");
    nowMillis += 1_000;
    assertEquals(RabbitPolicy.REJOIN, started("c3"));
    serves("c1", false);
    serves("c2", false);
    nowMillis += 600_000;
    assertWaits("c1", "it goes on by itself");
  }

  // How a cluster is told

  private void running() {
    NODES.forEach(this::empty);
    started("c1");
    runs("c1", "c1");
    started("c2");
    started("c3");
    NODES.forEach(n -> runs(n, ALL));
    decide();
    assertEquals("yes", state.attribute(RabbitPolicy.FORMED));
  }

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

  private void empty(String node) {
    report(node, RunState.STOPPED, new RabbitReport(false, Data.NONE, List.of(), List.of()));
  }

  private void stopped(String node, String members, String ranLast) {
    report(
        node,
        RunState.STOPPED,
        new RabbitReport(
            false, Data.MEMBER, List.of(members.split(" ")), List.of(ranLast.split(" "))));
  }

  private void waitsForTables(String node) {
    report(node, RunState.STARTING, up(ALL));
  }

  private void waitsLongFor(String node, String others) {
    RabbitReport waits =
        new RabbitReport(true, Data.MEMBER, NODES, NODES, "", List.of(others.split(" ")));
    report(node, RunState.STARTING, waits);
  }

  private void runs(String node, String members) {
    report(node, RunState.STARTED, up(members));
  }

  private void hangs(String node, String how) {
    hangs(node, how, "0");
  }

  private void hangs(String node, String how, String seconds) {
    TreeMap<String, String> facts = new TreeMap<>(up(ALL).facts());
    facts.put("hangs", how);
    facts.put("hung", seconds);
    Report report = new Report("rabbitmq", node, RunState.FAILED, 0, "hangs: no answer", facts);
    apply(new Command.Observe(node, List.of(report)));
  }

  private void serves(String node, boolean serves) {
    report(node, serves ? RunState.STARTED : RunState.FAILED, up(ALL));
  }

  private static RabbitReport up(String members) {
    List<String> names = List.of(members.split(" "));
    return new RabbitReport(true, Data.MEMBER, names, names);
  }

  private void report(String node, RunState run, RabbitReport facts) {
    Target target = state.target("rabbitmq", node);
    long acted = target == null ? 0 : target.epoch();
    Report report = new Report("rabbitmq", node, run, acted, "", facts.facts());
    apply(new Command.Observe(node, List.of(report)));
  }

  /// Asks, and gives the order.
  private String started(String node) {
    StartDecision decision = policy.mayStart(view(), node);
    if (decision instanceof StartDecision.Start start) {
      apply(new Command.SetTarget("rabbitmq", node, Wanted.STARTED, start.how(), start.reason()));
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
    return new PolicyView(state, "rabbitmq", NODES, nowMillis);
  }

  private void apply(Command command) {
    state = state.apply(state.index() + 1, Proposal.of(nowMillis, "test", command)).state();
  }
}
