package io.trivet.scheduler;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Observation;
import io.trivet.cluster.state.RunState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// What is wrong with the services, after the plan is made: what the plan does about it, or waits
/// for, is the advice.
final class ServiceHealth {
  private record Complaint(RunState run, String detail, int failures, String advice) {}

  private final Planning plan;
  private final ClusterState state;

  private ServiceHealth(Planning plan) {
    this.plan = plan;
    this.state = plan.state();
  }

  /// Adds what is wrong to the plan, in the order of the services.
  static void examine(Planning plan) {
    new ServiceHealth(plan).examine();
  }

  private void examine() {
    List<String> mute =
        plan.layout.nodes().stream()
            .filter(n -> state.node(n).eligible() && saysNothing(n))
            .toList();
    if (!mute.isEmpty()) {
      plan.problem(
          mute.getFirst(),
          Words.list(mute)
              + (mute.size() == 1 ? " has" : " have")
              + " not reported any service yet.",
          "Wait some seconds; if it stays so, see the daemon there: journalctl -u trivetd");
    }
    for (Layout.Service service : plan.layout.services()) {
      if (service.everywhere()) {
        everywhere(service, mute);
      } else {
        singleton(service);
      }
    }
  }

  /// True if services should run on the node and none was reported.
  private boolean saysNothing(String node) {
    List<Layout.Service> there =
        plan.layout.services().stream().filter(s -> s.members().contains(node)).toList();
    return !there.isEmpty()
        && there.stream().allMatch(s -> state.runState(s.id(), node) == RunState.UNKNOWN);
  }

  private void everywhere(Layout.Service service, List<String> mute) {
    LinkedHashMap<Complaint, List<String>> complaints = new LinkedHashMap<>();
    for (String node : service.members()) {
      RunState run = state.runState(service.id(), node);
      String why = plan.policy(service.id()).disbelieves(plan.policyView(service), node);
      if (why != null) {
        plan.problem(
            service.id(),
            service.id() + " on " + node + " is not believed: " + why + ".",
            "Nothing is sent to it. If it stays so, see it on " + node + ".");
        continue;
      }
      Problem impaired = plan.policy(service.id()).impaired(plan.policyView(service), node);
      if (impaired != null && state.node(node).present()) {
        plan.problem(impaired.subject(), impaired.text(), impaired.advice());
      }
      boolean fine = run == RunState.STARTED || plan.waitsForOperator(service.id(), node);
      if (fine || !state.node(node).eligible() || mute.contains(node)) {
        continue;
      }
      Observation seen = state.observation(service.id(), node);
      int failures = seen == null ? 0 : seen.failures();
      String detail = seen == null ? "" : seen.report().detail();
      complaints
          .computeIfAbsent(
              new Complaint(run, detail, failures, advice(service, node, failures)),
              c -> new ArrayList<>())
          .add(node);
    }
    complaints.forEach((c, nodes) -> plan.problem(service.id(), text(service, c, nodes), c.advice));
  }

  private void singleton(Layout.Service service) {
    boolean up =
        service.members().stream()
            .anyMatch(n -> state.runState(service.id(), n) == RunState.STARTED);
    if (!up) {
      plan.problem(
          service.id(),
          service.id() + " runs nowhere.",
          "See the timeline for its reason: trivet events");
    }
  }

  private static String text(Layout.Service service, Complaint complaint, List<String> nodes) {
    String is =
        switch (complaint.run) {
          case STOPPED -> "is down";
          case FAILED -> "has failed";
          case STARTING -> "is starting";
          case STOPPING -> "is stopping";
          case UNKNOWN -> "was not reported yet";
          case STARTED -> "is up";
        };
    String detail = complaint.detail.isEmpty() ? "" : ": " + complaint.detail;
    String times = complaint.failures > 1 ? " (" + complaint.failures + " failures in a row)" : "";
    return service.id() + " " + is + " on " + Words.list(nodes) + times + detail + ".";
  }

  private String advice(Layout.Service service, String node, int failures) {
    if (!plan.view.quorum()) {
      return "Nothing is started without a quorum.";
    }
    if (failures > 1) {
      return "Trivet tries again, ever less often; the unit's journal on "
          + node
          + " says more, and: trivet runbook service-failed.";
    }
    String wait = plan.waitsFor(service.id(), node);
    return wait == null ? "Trivet is at it." : "Waiting: " + wait + ".";
  }
}
