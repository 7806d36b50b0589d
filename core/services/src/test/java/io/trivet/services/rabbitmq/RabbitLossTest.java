package io.trivet.services.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.AcceptedLoss;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Many full outages of the broker, and an operator who accepts losses at every wrong moment: no
/// node goes on without the data of others unless their loss was accepted in this very outage.
class RabbitLossTest {
  private static final List<String> NODES = List.of("c1", "c2", "c3");

  private final RabbitPolicy policy = new RabbitPolicy();
  private ClusterState state = ClusterState.empty();
  private long nowMillis = 1_000;
  private Random random = new Random(0);
  private boolean accepted;
  private long lastForced;
  private int outages;
  private int refused;
  private int used;

  @Test
  void itNeverCountsForAnotherOutage() {
    for (int seed = 0; seed < 60; seed++) {
      random = new Random(seed);
      state = ClusterState.empty();
      lastForced = 0;
      apply(new Command.SetClusterFile("lab", new Roster(NODES, List.of("rabbitmq"), List.of())));
      NODES.forEach(n -> apply(new Command.NodePresence(n, Presence.PRESENT)));
      NODES.forEach(n -> runs(n, RunState.STARTED));
      for (int i = 0; i < 4; i++) {
        outage("seed " + seed + ", outage " + i);
      }
    }
    assertTrue(outages >= 200 && refused > 50 && used > 5, outages + " " + refused + " " + used);
  }

  private void outage(String where) {
    outages++;
    accepted = false;
    maybeAccept(2);
    powerFails();
    List<String> order = new ArrayList<>(NODES);
    Collections.shuffle(order, random);
    String late = order.removeLast();
    order.forEach(this::comesBack);
    maybeAccept(2);
    plan(where);
    boolean longTime = random.nextBoolean();
    if (longTime) {
      order.forEach(n -> waits(n, late));
    }
    maybeAccept(2);
    if (random.nextBoolean()) {
      // Before anything comes of it.
      comesBack(late);
      NODES.forEach(n -> runs(n, RunState.STARTED));
    }
    plan(where);
    boolean once = random.nextBoolean();
    if (once && !state.node(late).present()) {
      powerFails();
      accepted &= state.acceptedLosses().containsKey("rabbitmq");
      order.forEach(this::comesBack);
      plan(where);
    }
    if (!state.node(late).present()) {
      comesBack(late);
    }
    plan(where);
    NODES.forEach(n -> runs(n, RunState.STARTED));
    plan(where);
    assertEquals(new TreeMap<>(), new TreeMap<>(state.acceptedLosses()), where);
  }

  private void plan(String where) {
    for (int i = 0; i < 3; i++) {
      for (String node : NODES) {
        boolean asked =
            state.node(node).present() && state.runState("rabbitmq", node) == RunState.STOPPED;
        if (asked && policy.mayStart(view(), node) instanceof StartDecision.Start start) {
          apply(
              new Command.SetTarget("rabbitmq", node, Wanted.STARTED, start.how(), start.reason()));
          runs(node, RunState.STARTING);
        }
      }
      policy.alsoDecide(view()).forEach(this::apply);
      for (String node : NODES) {
        Target target = state.target("rabbitmq", node);
        boolean forced =
            target != null
                && target.epoch() > lastForced
                && (target.how().equals(Target.FORCED) || target.how().equals(Target.BOOTSTRAP));
        assertTrue(!forced || accepted, where + ": " + target);
        if (forced) {
          lastForced = Objects.requireNonNull(target).epoch();
          accepted = false;
          used++;
          runs(node, RunState.STARTED);
        }
      }
    }
  }

  private void maybeAccept(int oneIn) {
    if (random.nextInt(oneIn) > 0) {
      return;
    }
    policy.alsoDecide(view()).forEach(this::apply);
    String node = NODES.get(random.nextInt(3));
    apply(new Command.AcceptLoss("rabbitmq", node));
    AcceptedLoss now = state.acceptedLosses().get("rabbitmq");
    if (now == null) {
      refused++;
    }
    accepted = now != null;
  }

  private void powerFails() {
    nowMillis += 60_000;
    NODES.forEach(n -> apply(new Command.NodeStarted(n, nowMillis)));
    NODES.forEach(n -> apply(new Command.NodePresence(n, Presence.GONE)));
  }

  private void comesBack(String node) {
    apply(new Command.NodePresence(node, Presence.PRESENT));
    report(node, RunState.STOPPED, new RabbitReport(false, Data.MEMBER, NODES, NODES));
  }

  private void runs(String node, RunState run) {
    report(node, run, new RabbitReport(true, Data.MEMBER, NODES, NODES));
  }

  private void waits(String node, String other) {
    report(
        node,
        RunState.STARTING,
        new RabbitReport(true, Data.MEMBER, NODES, NODES, "", List.of(other)));
  }

  private void report(String node, RunState run, RabbitReport facts) {
    Target target = state.target("rabbitmq", node);
    long acted = target == null ? 0 : target.epoch();
    Report report = new Report("rabbitmq", node, run, acted, "", facts.facts());
    apply(new Command.Observe(node, List.of(report)));
  }

  private PolicyView view() {
    return new PolicyView(state, "rabbitmq", NODES, nowMillis);
  }

  private void apply(Command command) {
    state = state.apply(state.index() + 1, Proposal.of(nowMillis, "test", command)).state();
  }
}
