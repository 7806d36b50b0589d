package io.trivet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every plan promises, tried on clusters that live through random events.
class PlannerPropertyTest {
  /// More of them with `-Dseeds=N`.
  private static final int SEEDS = Integer.getInteger("seeds", 150);

  private static final int EVENTS = 40;

  private static World world(long seed) {
    return new World(seed % 3 == 0 ? "town.yaml" : "lab.yaml");
  }

  @Test
  void whateverHappensEveryPlanKeepsItsPromises() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      World world = world(seed);
      for (int i = 0; i < EVENTS; i++) {
        happen(world, random);
        String where = "seed " + seed + ", event " + i;
        Transition transition = world.plan();
        assertEquals(
            transition.toString(),
            world.plan().toString(),
            where + ": the same input, another plan");
        check(world, transition, where);
        if (!transition.isEmpty()) {
          assertEquals(List.of(), world.carryOut(transition).refusals(), where);
          assertEquals(
              List.of(),
              world.plan().actions(),
              where + ": not settled after " + transition.actions());
        }
        checkState(world, where);
      }
    }
  }

  @Test
  void whateverHappenedAClusterThatIsLeftAloneBecomesHealthy() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      World world = world(seed);
      for (int i = 0; i < EVENTS; i++) {
        happen(world, random);
        world.carryOut(world.plan());
      }
      world.quorum = true;
      for (String node : world.state.roster().nodes()) {
        world.apply(new Command.NodePresence(node, Presence.PRESENT));
        world.apply(new Command.SetStandby(node, false));
      }
      for (String vip : world.state.roster().vips()) {
        world.apply(new Command.ClearPreference(vip));
      }
      for (int i = 0; i < 6; i++) {
        world.settle();
        world.nowMillis += 60_000;
      }
      world.settle();
      Transition transition = world.plan();
      assertEquals(List.of(), transition.problems(), "seed " + seed);
      assertEquals(List.of(), transition.waiting(), "seed " + seed);
    }
  }

  private static <T> T any(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static void happen(World world, Random random) {
    List<String> nodes = world.state.roster().nodes();
    String node = any(nodes, random);
    world.nowMillis += random.nextInt(random.nextBoolean() ? 50 : 40_000);
    switch (random.nextInt(13)) {
      case 0, 1, 2 -> world.apply(new Command.NodePresence(node, Presence.PRESENT));
      case 3 -> world.apply(new Command.NodePresence(node, Presence.GONE));
      case 4 -> world.apply(new Command.SetStandby(node, random.nextInt(3) == 0));
      case 5 -> world.apply(new Command.Prefer(any(world.state.roster().vips(), random), node));
      case 6, 7, 8 -> report(world, node, random);
      case 9 -> world.obey();
      case 10 -> world.lease();
      case 11 -> hold(world, node, random);
      case 12 -> elect(world, node, random);
      default -> throw new IllegalStateException();
    }
  }

  /// A node that is present reports anything, mostly having acted on its target.
  private static void report(World world, String node, Random random) {
    String resource = any(world.state.roster().resources(), random);
    if (!world.state.node(node).present() || world.state.roster().vips().contains(resource)) {
      return;
    }
    Target target = world.state.target(resource, node);
    long epoch = target == null ? 0 : random.nextInt(4) == 0 ? target.epoch() - 1 : target.epoch();
    RunState run = any(List.of(RunState.values()), random);
    world.apply(new Command.Observe(node, List.of(Report.of(resource, node, run, epoch, "seen"))));
  }

  private static void hold(World world, String node, Random random) {
    String vip = any(world.state.roster().vips(), random);
    VipAssignment assignment = world.state.vips().get(vip);
    if (assignment == null || random.nextInt(3) == 0) {
      world.holders.remove(vip);
    } else {
      world.holders.put(vip, new LeaderView.Held(node, assignment.epoch() - random.nextInt(2)));
    }
  }

  private static void elect(World world, String node, Random random) {
    world.leader = node;
    world.quorum = random.nextInt(5) != 0;
    world.incarnations.put(node, (long) random.nextInt(3) + 1);
  }

  private static void check(World world, Transition transition, String where) {
    ClusterState state = world.state;
    if (!world.quorum) {
      assertTrue(transition.isEmpty(), where + ": orders without quorum");
      assertTrue(transition.problems().stream().anyMatch(p -> p.subject().equals("quorum")), where);
    }
    for (Action action : transition.actions()) {
      assertFalse(action.reason().isBlank(), where);
      switch (action) {
        case Action.Start a -> {
          assertTrue(state.node(a.node()).eligible(), where + ": " + a);
          if (a.resource().equals("keystone") && !a.reason().equals("it runs already")) {
            assertTrue(
                state.roster().nodes().stream()
                    .anyMatch(n -> state.runState("galera", n) == RunState.STARTED),
                where + ": an API before the database");
          }
        }
        case Action.Stop a -> {
          assertTrue(state.node(a.node()).present(), where + ": " + a);
          if (state.runState(a.resource(), a.node()) == RunState.STARTED) {
            assertTrue(
                world.holders.values().stream().noneMatch(h -> h.node().equals(a.node())),
                where + ": stops under a VIP: " + a);
          }
        }
        case Action.Assign a -> checkAssign(state, a, where);
        case Action.Forget a ->
            assertEquals(world.incarnations.get(a.node()), a.incarnation(), where);
        case Action.Decide a -> throw new AssertionError(where + ": nobody decides here: " + a);
      }
    }
  }

  private static void checkAssign(ClusterState state, Action.Assign assign, String where) {
    VipAssignment last = state.vips().get(assign.vip());
    String from = last == null ? null : last.holder();
    String to = assign.holder();
    String balancer = assign.vip().equals("public") ? "haproxy" : balancerOf(state);
    if (to != null && !to.equals(from)) {
      assertTrue(state.node(to).eligible(), where + ": " + assign);
      assertEquals(RunState.STARTED, state.runState(balancer, to), where + ": " + assign);
    }
    for (String heir : assign.heirs()) {
      assertFalse(state.node(heir).standby(), where + ": " + assign);
    }
  }

  /// The load balancer of the VIPs in the host.
  private static String balancerOf(ClusterState state) {
    return state.roster().resources().contains("haproxy-host") ? "haproxy-host" : "haproxy";
  }

  private static void checkState(World world, String where) {
    ClusterState state = world.state;
    for (String singleton : List.of("cinder-volume")) {
      if (state.roster().resources().contains(singleton)) {
        List<String> wanted =
            state.roster().nodes().stream()
                .filter(n -> wantsStarted(state.target(singleton, n)))
                .toList();
        assertTrue(wanted.size() <= 1, where + ": " + singleton + " wanted on " + wanted);
      }
    }
    for (String resource : List.of("galera", "rabbitmq")) {
      List<String> bootstrapping =
          state.roster().nodes().stream().filter(n -> bootstraps(state, resource, n)).toList();
      assertTrue(
          bootstrapping.size() <= 1, where + ": " + resource + " bootstraps on " + bootstrapping);
    }
    assertFalse(wantsStarted(state.target("galera", "w")), where + ": a witness runs nothing");
  }

  private static boolean wantsStarted(@Nullable Target target) {
    return target != null && target.wanted() == Wanted.STARTED;
  }

  private static boolean bootstraps(ClusterState state, String resource, String node) {
    Target target = state.target(resource, node);
    Report report = state.report(resource, node);
    boolean acted = target != null && report != null && report.actedEpoch() >= target.epoch();
    return target != null
        && state.node(node).present()
        && Objects.equals(target.how(), Target.BOOTSTRAP)
        && wantsStarted(target)
        && !acted;
  }
}
