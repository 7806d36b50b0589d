package io.trivet.scheduler;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Proposal;
import io.trivet.scheduler.live.ClusterCib;
import io.trivet.scheduler.live.Decided;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One plan in the making: the state with this plan's decisions written in, and what was decided so
/// far.
final class Planning {
  private record Wait(String resource, String why, @Nullable String command) {}

  private static final ServicePolicy ALWAYS = ServicePolicy.always();

  private final Configuration configuration;
  final Layout layout;
  final LeaderView view;
  private final NavigableMap<String, ServicePolicy> policies;
  private ClusterState state;
  private final List<Action> actions = new ArrayList<>();
  private final LinkedHashMap<Wait, List<String>> waits = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private long againAtMillis = Long.MAX_VALUE;
  private @Nullable Decided decided;

  Planning(
      Configuration configuration,
      ClusterState state,
      LeaderView view,
      NavigableMap<String, ServicePolicy> policies) {
    this.configuration = configuration;
    this.layout = LayoutOf.configuration(configuration);
    this.state = state;
    this.view = view;
    this.policies = policies;
  }

  ClusterState state() {
    return state;
  }

  /// Lets the scheduler decide about the state as it is now.
  void decide() {
    long seconds = view.nowMillis() / 1000;
    PlanRun.Result result = PlanRun.plan(ClusterCib.of(configuration, state, view), seconds, false);
    decided = new Decided(result.cluster(), result.graph());
  }

  /// What the scheduler decided.
  Decided decided() {
    return Objects.requireNonNull(decided, "nothing was decided yet");
  }

  ServicePolicy policy(String resource) {
    ServicePolicy policy = policies.get(resource);
    return policy == null ? ALWAYS : policy;
  }

  PolicyView policyView(Layout.Service service) {
    return new PolicyView(state, service.id(), service.members(), view.nowMillis());
  }

  void act(Action action) {
    actions.add(action);
    Proposal proposal =
        Proposal.of(view.nowMillis(), Proposal.leader(view.leader()), action.command());
    state = state.apply(state.index() + 1, proposal).state();
  }

  void await(String resource, @Nullable String node, String why, @Nullable String command) {
    List<String> nodes =
        waits.computeIfAbsent(new Wait(resource, why, command), w -> new ArrayList<>());
    if (node != null) {
      nodes.add(node);
    }
  }

  /// What the resource waits for on the node, or null.
  @Nullable String waitsFor(String resource, String node) {
    for (Map.Entry<Wait, List<String>> wait : waits.entrySet()) {
      if (wait.getKey().resource.equals(resource) && wait.getValue().contains(node)) {
        return wait.getKey().why;
      }
    }
    return null;
  }

  /// True if only an operator can end the resource's waiting on the node.
  boolean waitsForOperator(String resource, String node) {
    return waits.entrySet().stream()
        .anyMatch(
            w ->
                w.getKey().resource.equals(resource)
                    && w.getKey().command != null
                    && w.getValue().contains(node));
  }

  void problem(String subject, String text, String advice) {
    problems.add(new Problem(subject, text, advice));
  }

  void planAgainAt(long millis) {
    againAtMillis = Math.min(againAtMillis, millis);
  }

  Transition transition() {
    List<Waiting> waiting = new ArrayList<>();
    List<Problem> worstFirst = new ArrayList<>();
    waits.forEach(
        (wait, nodes) -> {
          Waiting one = new Waiting(wait.resource, nodes, wait.why, wait.command);
          waiting.add(one);
          if (wait.command != null) {
            worstFirst.add(
                new Problem(
                    wait.resource,
                    one.what() + " waits for a decision: " + wait.why + ".",
                    "Type: " + wait.command));
          }
        });
    worstFirst.addAll(problems);
    return new Transition(actions, waiting, worstFirst, againAtMillis);
  }
}
