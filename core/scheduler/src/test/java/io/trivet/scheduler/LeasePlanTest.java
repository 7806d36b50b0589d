package io.trivet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A unit that the network fences moves exactly when its lease does (law 3), and a singleton
/// without a fence never moves from a controller that is gone.
class LeasePlanTest {
  private static final String LEASE = UnitLease.of("volume");

  private static final String VIP =
      "vips: { public: { address: 10.77.0.100/24, interface: eth0 } }";

  private Configuration configuration;
  private ClusterState state;
  private final TreeMap<String, LeaderView.Held> holders = new TreeMap<>();

  @BeforeEach
  void threeControllersAreUp() {
    begin("volume: { kind: singleton, fenced-by: network }");
  }

  private void begin(String unit) {
    begin(unit, "");
  }

  private void begin(String unit, String more) {
    String text =
        """
        trivet: 1
        name: site
        controllers: { c1: 10.77.0.1, c2: 10.77.0.2, c3: 10.77.0.3 }
        units:
          %s
        %s
        """
            .formatted(unit, more);
    Reading reading = ClusterFileReader.read("cluster.yaml", text);
    configuration = Expansion.of(assertInstanceOf(Reading.Accepted.class, reading).file());
    state = ClusterState.empty();
    apply(new Command.SetClusterFile(text, Roster.of(configuration)));
    for (String node : List.of("c1", "c2", "c3")) {
      apply(new Command.NodePresence(node, Presence.PRESENT));
      report("volume", node, RunState.STOPPED);
    }
  }

  private void apply(Command command) {
    state = state.apply(state.index() + 1, Proposal.of(1_000, "test", command)).state();
  }

  private void report(String resource, String node, RunState run) {
    Target target = state.target("volume", node);
    long acted = target == null ? 0 : target.epoch();
    apply(new Command.Observe(node, List.of(Report.of(resource, node, run, acted, ""))));
  }

  private List<Action> plan() {
    LeaderView view = new LeaderView("c3", true, 2_000, holders, new TreeMap<>());
    Transition plan = Planner.plan(configuration, state, view, new TreeMap<>());
    plan.actions().forEach(action -> apply(action.command()));
    return plan.actions();
  }

  private void held(String node) {
    holders.put(LEASE, new LeaderView.Held(node, epoch(LEASE)));
    for (String other : List.of("c1", "c2", "c3")) {
      if (state.node(other).present()) {
        report(LEASE, other, other.equals(node) ? RunState.STARTED : RunState.STOPPED);
      }
    }
  }

  private long epoch(String lease) {
    return Objects.requireNonNull(state.vips().get(lease)).epoch();
  }

  private String holder() {
    return String.valueOf(Objects.requireNonNull(state.vips().get(LEASE)).holder());
  }

  private static boolean starts(List<Action> actions, String node) {
    return actions.stream().anyMatch(a -> a instanceof Action.Start s && s.node().equals(node));
  }

  private String runningOnItsHolder() {
    plan();
    String first = holder();
    held(first);
    assertTrue(starts(plan(), first));
    report("volume", first, RunState.STARTED);
    assertEquals(List.of(), plan());
    return first;
  }

  @Test
  void itStartsOnlyWhereTheLeaseIsHeld() {
    assertFalse(plan().stream().anyMatch(a -> a instanceof Action.Start), "nobody holds it yet");
    String first = holder();
    held(first);
    List<Action> actions = plan();
    assertTrue(starts(actions, first), actions.toString());
  }

  @Test
  void aLostControllersUnitWaitsForTheLeaseAndForNothingElse() {
    String first = runningOnItsHolder();
    String heir = Objects.requireNonNull(state.vips().get(LEASE)).heirs().getFirst();
    holders.clear();
    apply(new Command.NodePresence(first, Presence.GONE));
    List<Action> before = plan();
    assertFalse(before.stream().anyMatch(a -> a instanceof Action.Start), before.toString());
    held(heir);
    List<Action> after = plan();
    assertTrue(starts(after, heir), after.toString());
    assertEquals(heir, holder());
  }

  @Test
  void oneThatIsBackStillRunningIsStoppedAndTheOtherGoesOn() {
    String first = runningOnItsHolder();
    String heir = Objects.requireNonNull(state.vips().get(LEASE)).heirs().getFirst();
    apply(new Command.NodePresence(first, Presence.GONE));
    held(heir);
    plan();
    report("volume", heir, RunState.STARTED);
    apply(new Command.NodePresence(first, Presence.PRESENT));
    report("volume", first, RunState.STARTED);
    List<Action> actions = plan();
    assertTrue(
        actions.stream().anyMatch(a -> a instanceof Action.Stop s && s.node().equals(first)),
        actions.toString());
    assertFalse(
        actions.stream().anyMatch(a -> a instanceof Action.Stop s && s.node().equals(heir)),
        actions.toString());
    assertEquals(heir, holder());
  }

  @Test
  void aPlannedMoveStopsThenHandsOverThenStarts() {
    String first = runningOnItsHolder();
    apply(new Command.SetStandby(first, true));
    List<Action> actions = plan();
    assertTrue(
        actions.stream().anyMatch(a -> a instanceof Action.Stop s && s.node().equals(first)),
        actions.toString());
    assertEquals(first, holder(), "the lease stays until the unit is down");
    report("volume", first, RunState.STOPPED);
    plan();
    String next = holder();
    assertFalse(next.equals(first), next);
    assertFalse(starts(plan(), next), "not before the lease is there");
    held(next);
    assertTrue(starts(plan(), next));
  }

  @Test
  void aMoveDoesNotWaitForAVipThatStays() {
    for (String fence : List.of(", fenced-by: network", "")) {
      begin("volume: { kind: singleton" + fence + " }", VIP);
      plan();
      String first = fence.isEmpty() ? toldToStart() : holder();
      apply(new Command.Prefer("public", first));
      plan();
      holders.put("public", new LeaderView.Held(first, epoch("public")));
      if (!fence.isEmpty()) {
        held(first);
        plan();
      }
      report("volume", first, RunState.STARTED);
      String next = first.equals("c1") ? "c2" : "c1";
      apply(new Command.Prefer("volume", next));
      List<Action> actions = plan();
      assertTrue(
          actions.stream().anyMatch(a -> a instanceof Action.Stop s && s.node().equals(first)),
          actions.toString());
    }
  }

  private String toldToStart() {
    return List.of("c1", "c2", "c3").stream()
        .filter(n -> state.target("volume", n) != null)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aClaimFromBeforeItWasFencedStands() {
    begin("volume: singleton");
    plan();
    String first = toldToStart();
    report("volume", first, RunState.STARTED);
    apply(new Command.NodePresence(first, Presence.GONE));
    assertFalse(plan().stream().anyMatch(a -> a instanceof Action.Start));
    String text = "units: { volume: { kind: singleton, fenced-by: network } }";
    ClusterState running = state;
    begin("volume: { kind: singleton, fenced-by: network }");
    Roster fenced = state.roster();
    state = running;
    apply(new Command.SetClusterFile(text, fenced));
    plan();
    String other =
        List.of("c1", "c2", "c3").stream().filter(n -> !n.equals(first)).findFirst().orElseThrow();
    if (state.vips().get(LEASE) != null) {
      held(other);
    }
    assertFalse(
        plan().stream().anyMatch(a -> a instanceof Action.Start),
        "nothing says that the kernel of " + first + " guards it");
  }
}
