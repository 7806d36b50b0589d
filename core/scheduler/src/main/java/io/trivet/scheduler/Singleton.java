package io.trivet.scheduler;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.OperatorWish;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a service belongs that runs on one controller at a time.
///
/// A controller *claims* it from the order to start until it has reported the stop that it was
/// ordered. Nobody else may start it as long as a claim stands; the claim of a controller that is
/// gone stands too, because only its power could prove that the service does not run there any
/// more.
final class Singleton {
  private Singleton() {}

  /// The controller on which it may be started now, or null if it has to stop somewhere first, or
  /// has no place.
  static @Nullable String place(Planning plan, Layout.Service service) {
    ClusterState state = plan.state();
    List<String> claims =
        plan.layout.nodes().stream().filter(n -> claims(state, service.id(), n)).toList();
    OperatorWish wish = state.preferences().get(service.id());
    boolean wishHolds = wish != null && mayRun(state, service, wish.node());
    if (claims.isEmpty()) {
      return wish != null && wishHolds ? wish.node() : choose(plan, service);
    }
    String claim = claims.getFirst();
    if (claims.size() > 1 || !state.node(claim).present()) {
      String gone = claims.stream().filter(n -> !state.node(n).present()).findFirst().orElse(null);
      if (gone != null) {
        plan.problem(
            service.id(),
            service.id()
                + " may still run on "
                + gone
                + ", which is gone, so it is not started elsewhere.",
            "Bring "
                + gone
                + " back; it may run on one controller only, and nothing else can prove that it does not run there.");
        return null;
      }
    }
    boolean leaves = wish != null && wishHolds && !wish.node().equals(claim);
    return leaves || !mayRun(state, service, claim) ? null : claim;
  }

  private static boolean mayRun(ClusterState state, Layout.Service service, String node) {
    return service.members().contains(node) && state.node(node).eligible();
  }

  private static boolean claims(ClusterState state, String resource, String node) {
    Target target = state.target(resource, node);
    Report report = state.report(resource, node);
    RunState run = state.runState(resource, node);
    if (target == null) {
      return run != RunState.STOPPED && run != RunState.UNKNOWN;
    }
    boolean acted = report != null && report.actedEpoch() >= target.epoch();
    boolean down =
        run == RunState.STOPPED || run == RunState.UNKNOWN && !state.node(node).present();
    return target.wanted() == Wanted.STARTED || !(acted && down);
  }

  private static @Nullable String choose(Planning plan, Layout.Service service) {
    return service.members().stream()
        .filter(n -> mayRun(plan.state(), service, n))
        .min(
            Comparator.<String>comparingInt(n -> -service.preferences().getOrDefault(n, 0))
                .thenComparingInt(service.members()::indexOf))
        .orElse(null);
  }
}
