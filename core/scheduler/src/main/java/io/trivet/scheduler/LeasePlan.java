package io.trivet.scheduler;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.state.RunState;
import io.trivet.scheduler.live.Claims;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who should hold the lease of each unit that the network fences, and who inherits it. The unit
/// itself is started where the lease is held, by [ServicePlan].
///
/// | the holder | the lease | the plan |
/// |---|---|---|
/// | nobody | | the place that the scheduler chose |
/// | any | held by an heir, under this assignment | the heir is the holder now |
/// | where the scheduler wants the unit, or no better place is known | | stays |
/// | gone | | heirs take it by themselves; without any, the place that the scheduler chose |
/// | present, the unit shall leave | the unit may still run there | stays until its stop was reported |
/// | present, the unit shall leave | the unit is stopped there | moves |
final class LeasePlan {
  private final Planning plan;

  LeasePlan(Planning plan) {
    this.plan = plan;
  }

  void run() {
    for (Layout.Service service : plan.layout.services()) {
      if (service.leased()) {
        assign(service);
      }
    }
  }

  private void assign(Layout.Service service) {
    String lease = UnitLease.of(service.id());
    VipAssignment last = plan.state().vips().get(lease);
    String holder = last == null ? null : last.holder();
    String next = holder;
    String reason = "";
    LeaderView.Held held = plan.view.holders().get(lease);
    String place = plan.decided().assigned(service.id()).stream().findFirst().orElse(null);
    if (last != null
        && held != null
        && held.epoch() == last.epoch()
        && !held.node().equals(holder)) {
      next = held.node();
      reason = next + " took it over when " + holder + " fell silent";
    } else if (holder == null || !service.members().contains(holder)) {
      next = place == null ? firstEligible(service) : place;
      reason = "it is to run there";
    } else if (!plan.state().node(holder).present()) {
      List<String> heirs = last == null ? List.of() : last.heirs();
      boolean inherited = heirs.stream().anyMatch(h -> plan.state().node(h).eligible());
      next = inherited ? holder : firstEligible(service);
      reason = holder + " is gone and nobody was to inherit it";
    } else if (place != null && !place.equals(holder)) {
      if (Claims.claims(plan.state(), service.id(), holder)) {
        plan.await(service.id(), place, "it stops on " + holder + " first", null);
      } else {
        next = place;
        reason = "it is stopped on " + holder;
      }
    }
    decide(service, last, next, reason);
  }

  private void decide(
      Layout.Service service, @Nullable VipAssignment last, @Nullable String next, String reason) {
    String holder = last == null ? null : last.holder();
    List<String> heirs =
        next == null
            ? List.of()
            : service.members().stream()
                .filter(n -> !n.equals(next) && plan.state().node(n).eligible())
                .filter(n -> mayInherit(service, n))
                .sorted(
                    Comparator.<String, Boolean>comparing(n -> n.equals(plan.view.leader()))
                        .thenComparingInt(service.members()::indexOf))
                .toList();
    if (next == null) {
      plan.await(service.id(), null, "no controller may hold its lease", null);
    }
    if (next == null && last == null) {
      return;
    }
    List<String> lastHeirs = last == null ? List.of() : last.heirs();
    if (!Objects.equals(holder, next) || !heirs.equals(lastHeirs)) {
      String why = Objects.equals(holder, next) ? "its heirs changed" : reason;
      plan.act(new Action.Assign(UnitLease.of(service.id()), next, heirs, why));
    }
  }

  /// Who is known to be able to run it: one that has not reported it, or failed with it, is no
  /// heir.
  private boolean mayInherit(Layout.Service service, String node) {
    RunState run = plan.state().runState(service.id(), node);
    return run != RunState.UNKNOWN && run != RunState.FAILED;
  }

  private @Nullable String firstEligible(Layout.Service service) {
    return service.members().stream()
        .filter(n -> plan.state().node(n).eligible() && mayInherit(service, n))
        .findFirst()
        .orElse(null);
  }
}
