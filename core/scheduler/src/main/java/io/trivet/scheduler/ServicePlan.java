package io.trivet.scheduler;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.NodeState;
import io.trivet.cluster.state.Observation;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.scheduler.live.Claims;
import io.trivet.scheduler.live.Decided;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Starts and stops of services that run on every member.
///
/// | the node is | the service is | the plan |
/// |---|---|---|
/// | gone | anything | nothing: nobody would hear it |
/// | eligible | up without an order | adopt it, so that it is watched |
/// | eligible | down, never told to start, or told and down again | start, when order, the pause since the last try and the policy allow |
/// | in standby, or no member | up | stop, when the VIPs and what depends on it have gone from there |
/// | any | told, and has not acted | wait; after [#DEAF_MILLIS] it is a problem |
final class ServicePlan {
  /// After this long an order that nobody acted on is a problem.
  static final long DEAF_MILLIS = 30_000;

  private final Planning plan;

  ServicePlan(Planning plan) {
    this.plan = plan;
  }

  void run() {
    for (Layout.Service service : plan.layout.services()) {
      if (!service.everywhere() && !service.leased()) {
        mayStillRun(service);
      }
      for (String name : plan.layout.nodes()) {
        NodeState node = plan.state().node(name);
        if (!node.present()) {
          continue;
        }
        if (plan.decided().wanted(service.id(), name)) {
          planStart(service, name);
        } else {
          planStop(service, name, whyNot(service, name));
        }
      }
    }
    for (Layout.Service service : plan.layout.services()) {
      decide(service);
    }
  }

  private String whyNot(Layout.Service service, String node) {
    if (!service.members().contains(node)) {
      return "the cluster file does not run it on " + node;
    }
    if (plan.state().node(node).standby()) {
      return node + " is in standby";
    }
    SequencedSet<String> places = plan.decided().assigned(service.id());
    return places.isEmpty() ? "it leaves " + node : "it runs on " + Words.list(List.copyOf(places));
  }

  /// A controller that is gone may still run what must run once only.
  private void mayStillRun(Layout.Service service) {
    for (String name : plan.layout.nodes()) {
      if (!plan.state().node(name).present() && Claims.claims(plan.state(), service.id(), name)) {
        plan.problem(
            service.id(),
            service.id()
                + " may still run on "
                + name
                + ", which is gone, so it is not started elsewhere.",
            "Bring "
                + name
                + " back; it may run on one controller only, and nothing else can prove that it does not run there.");
      }
    }
  }

  private void decide(Layout.Service service) {
    for (Command command : plan.policy(service.id()).alsoDecide(plan.policyView(service))) {
      if (command instanceof Command.SetAttribute c
          && Objects.equals(plan.state().attribute(c.name()), c.value())) {
        continue;
      }
      String reason =
          command instanceof Command.SetAttribute c ? c.reason() : "the policy of " + service.id();
      plan.act(new Action.Decide(service.id(), command, reason));
    }
  }

  private void planStart(Layout.Service service, String node) {
    Target target = plan.state().target(service.id(), node);
    boolean told = target != null && target.wanted() == Wanted.STARTED;
    Observation seen = plan.state().observation(service.id(), node);
    RunState run = plan.state().runState(service.id(), node);
    switch (run) {
      case UNKNOWN -> plan.await(service.id(), node, "no report yet", null);
      case STOPPING -> plan.await(service.id(), node, "it is still stopping", null);
      case STARTING, STARTED -> {
        if (!told) {
          plan.act(new Action.Start(service.id(), node, Target.PLAIN, "it runs already"));
        }
      }
      case STOPPED, FAILED -> {
        if (told && target != null && seen != null && seen.report().actedEpoch() < target.epoch()) {
          awaitAct(service, target);
        } else {
          startIfAllowed(service, node, told ? target : null, seen);
        }
      }
    }
  }

  private void awaitAct(Layout.Service service, Target target) {
    String verb = target.wanted() == Wanted.STARTED ? "start" : "stop";
    plan.await(service.id(), target.node(), "it was told to " + verb, null);
    long deafAt = target.atMillis() + DEAF_MILLIS;
    if (plan.view.nowMillis() < deafAt) {
      plan.planAgainAt(deafAt);
    } else {
      plan.problem(
          service.id(),
          target.node()
              + " was told to "
              + verb
              + " "
              + service.id()
              + " "
              + Words.span(plan.view.nowMillis() - target.atMillis())
              + " ago and has not done it.",
          "See what the daemon does on " + target.node() + ": journalctl -u trivetd");
    }
  }

  private void startIfAllowed(
      Layout.Service service, String node, @Nullable Target last, @Nullable Observation seen) {
    String missing =
        service.leased() ? leaseMissing(service, node) : claimedElsewhere(service, node);
    if (missing == null) {
      missing = missingBefore(service, node);
    }
    if (missing != null) {
      plan.await(service.id(), node, missing, null);
      return;
    }
    ServicePolicy policy = plan.policy(service.id());
    int failures = seen == null ? 0 : seen.failures();
    if (last != null && seen != null) {
      // STOPPED waits for an order, FAILED is being tried again on the node.
      boolean tried = policy.restartsByItself() && seen.report().run() == RunState.FAILED;
      long due = Retry.dueAtMillis(last, seen, tried, plan.view.nowMillis());
      if (plan.view.nowMillis() < due) {
        plan.planAgainAt(due);
        String why =
            tried
                ? node + " is trying to start it again"
                : "failure "
                    + failures
                    + " in a row; tried again "
                    + Words.span(due - last.atMillis())
                    + " after the last try";
        plan.await(service.id(), node, why, null);
        return;
      }
    }
    switch (policy.mayStart(plan.policyView(service), node)) {
      case StartDecision.Start start -> {
        String again = last != null && failures > 0 ? "it went down; " : "";
        plan.act(new Action.Start(service.id(), node, start.how(), again + start.reason()));
      }
      case StartDecision.Wait wait -> plan.await(service.id(), node, wait.reason(), wait.command());
    }
  }

  /// The law of one runner does not rest on the scheduler alone.
  private @Nullable String claimedElsewhere(Layout.Service service, String node) {
    if (service.everywhere()) {
      return null;
    }
    for (String other : plan.layout.nodes()) {
      if (!other.equals(node) && Claims.claims(plan.state(), service.id(), other)) {
        return "it may still run on " + other;
      }
    }
    return null;
  }

  /// A unit that the network fences starts where its lease is: whoever had the lease before is
  /// silent. One that runs without being known to be silent is waited for, e.g. where it ran before
  /// it was fenced.
  private @Nullable String leaseMissing(Layout.Service service, String node) {
    String lease = UnitLease.of(service.id());
    LeaderView.Held held = plan.view.holders().get(lease);
    if (held == null || !held.node().equals(node)) {
      return held == null ? "nobody holds its lease yet" : "its lease is still with " + held.node();
    }
    for (String other : plan.layout.nodes()) {
      boolean silent = plan.state().report(lease, other) != null;
      if (!other.equals(node) && !silent && Claims.claims(plan.state(), service.id(), other)) {
        return "it may still run on " + other + ", from before it was fenced";
      }
    }
    return null;
  }

  /// What the scheduler wants done before the start, or null.
  private @Nullable String missingBefore(Layout.Service service, String node) {
    for (Decided.Blocker blocker : plan.decided().waitsFor(service.id(), "start", node)) {
      boolean itself = service.id().equals(blocker.resource()) && node.equals(blocker.node());
      // It is down already, and its agent starts it anew: there is nothing to stop first.
      if (!itself) {
        return Words.blocker(blocker, node);
      }
    }
    return plan.decided().planned(service.id(), "start", node)
        ? null
        : plan.decided().whyNotStarted(service.id(), node);
  }

  private void planStop(Layout.Service service, String node, String why) {
    Target target = plan.state().target(service.id(), node);
    RunState run = plan.state().runState(service.id(), node);
    if (target != null && target.wanted() == Wanted.STOPPED) {
      if (run != RunState.STOPPED) {
        stopAgain(service, target, run);
      }
      return;
    }
    switch (run) {
      case UNKNOWN -> {
        if (target != null) {
          plan.await(service.id(), node, "no report yet", null);
        }
      }
      case STOPPED, FAILED -> {
        if (target != null) {
          plan.act(new Action.Stop(service.id(), node, why));
        }
      }
      case STARTING, STARTED, STOPPING -> {
        String held = heldUp(service, node);
        if (held != null) {
          plan.await(service.id(), node, held, null);
        } else {
          plan.act(new Action.Stop(service.id(), node, why));
        }
      }
    }
  }

  private void stopAgain(Layout.Service service, Target target, RunState run) {
    Observation seen = plan.state().observation(service.id(), target.node());
    boolean acted = seen != null && seen.report().actedEpoch() >= target.epoch();
    if (run == RunState.UNKNOWN || run == RunState.STOPPING || seen == null) {
      plan.await(service.id(), target.node(), "it is stopping", null);
    } else if (!acted) {
      awaitAct(service, target);
    } else {
      long due = Retry.dueAtMillis(target, seen, true, plan.view.nowMillis());
      if (plan.view.nowMillis() < due) {
        plan.planAgainAt(due);
        plan.await(service.id(), target.node(), "it was told to stop and is " + run, null);
      } else {
        plan.act(
            new Action.Stop(service.id(), target.node(), "it did not stop; " + target.reason()));
      }
    }
  }

  /// What must leave the node before the service may stop there, or null: VIPs that leave too, then
  /// what comes after it. A VIP that stays needs nothing that is to leave: waiting for it would
  /// never end.
  private @Nullable String heldUp(Layout.Service service, String node) {
    for (Layout.Vip vip : plan.layout.vips()) {
      VipAssignment assignment = plan.state().vips().get(vip.id());
      LeaderView.Held held = plan.view.holders().get(vip.id());
      boolean assigned = assignment != null && node.equals(assignment.holder());
      boolean there = assigned || held != null && held.node().equals(node);
      if (there && !plan.decided().wanted(vip.id(), node)) {
        return "VIP " + vip.id() + " leaves " + node + " first";
      }
    }
    List<String> first =
        plan.decided().waitsFor(service.id(), "stop", node).stream()
            .filter(b -> b.task().equals("stop") && b.resource() != null)
            .map(b -> Objects.requireNonNull(b.resource()))
            .distinct()
            // Whether a VIP has left was looked at above, with what this plan decided about it.
            .filter(r -> plan.layout.vips().stream().noneMatch(v -> v.id().equals(r)))
            .toList();
    if (!first.isEmpty()) {
      return Words.list(first) + (first.size() == 1 ? " stops" : " stop") + " first";
    }
    return plan.policy(service.id()).holdsUpStop(plan.policyView(service), node);
  }
}
