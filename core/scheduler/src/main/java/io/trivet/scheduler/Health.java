package io.trivet.scheduler;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.NodeState;
import java.util.List;

/// What is wrong with the cluster beside its services, seen from its state alone. A controller in
/// standby is not wrong: somebody wanted it.
final class Health {
  private final Planning plan;
  private final ClusterState state;

  private Health(Planning plan) {
    this.plan = plan;
    this.state = plan.state();
  }

  /// Adds what is wrong to the plan, the worst first.
  static void examine(Planning plan) {
    Health health = new Health(plan);
    if (plan.state().clusterFile() == null) {
      plan.problem(
          "cluster file",
          "There is no cluster file yet.",
          "Give one with: trivet cluster apply FILE");
      return;
    }
    health.quorum();
    health.vips();
    health.controllers();
  }

  private List<String> gone() {
    return plan.layout.nodes().stream().filter(n -> !state.node(n).present()).toList();
  }

  private void quorum() {
    if (plan.view.quorum()) {
      return;
    }
    int members = plan.layout.nodes().size();
    plan.problem(
        "quorum",
        "No quorum: "
            + plan.view.leader()
            + " is not in touch with "
            + plan.layout.majority()
            + " of "
            + members
            + " controllers, so nothing is started or moved.",
        "Bring other controllers back, or the network between them; Trivet goes on by itself.");
  }

  private void vips() {
    for (Layout.Vip vip : plan.layout.vips()) {
      if (!plan.view.quorum()) {
        plan.problem(
            vip.id(),
            plan.view.leader() + " cannot tell who answers for VIP " + vip.id() + ".",
            "Only controllers in touch with a majority can: ask one of them.");
      } else {
        vip(vip);
      }
    }
  }

  private void vip(Layout.Vip vip) {
    LeaderView.Held held = plan.view.holders().get(vip.id());
    VipAssignment assignment = state.vips().get(vip.id());
    if (held == null) {
      List<String> able =
          vip.members().stream().filter(n -> VipPlan.isCandidate(plan, vip, n)).toList();
      plan.problem(
          vip.id(),
          "Nobody answers for VIP " + vip.id() + ".",
          able.isEmpty()
              ? "It needs "
                  + Words.list(vip.beside())
                  + " up on a controller; see what that waits for."
              : "Wait a second: " + Words.list(able) + " can take it.");
    } else if (assignment != null && assignment.heirs().isEmpty() && vip.members().size() > 1) {
      plan.problem(
          vip.id(),
          "VIP " + vip.id() + " has no heir: if " + held.node() + " fails, nobody takes it over.",
          "Bring another controller back, with " + Words.list(vip.beside()) + " up on it.");
    }
  }

  private void controllers() {
    List<String> gone = gone();
    int left = plan.layout.nodes().size() - gone.size();
    String thin =
        left == plan.layout.majority() && plan.view.quorum()
            ? " One more would stop the cluster."
            : "";
    for (String name : gone) {
      NodeState node = state.node(name);
      String since =
          node.sinceMillis() == 0
              ? "was never heard"
              : "is gone since " + Words.span(plan.view.nowMillis() - node.sinceMillis());
      plan.problem(
          name,
          "Controller " + name + " " + since + "." + thin,
          "See that "
              + name
              + " has power and network and that trivetd runs there; it comes back by itself.");
    }
  }
}
