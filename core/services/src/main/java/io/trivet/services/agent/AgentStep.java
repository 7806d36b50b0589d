package io.trivet.services.agent;

import io.trivet.cluster.state.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one step of an agent gave.
///
/// @param state the agent's next state
/// @param effects what is to be done, in this order
/// @param report what the agent now sees of its resource, or null if that did not change. The edge
///   proposes it, and again whenever the replicated report differs from it
public record AgentStep<S>(S state, List<AgentEffect> effects, @Nullable Report report) {
  public AgentStep {
    effects = List.copyOf(effects);
  }

  /// A step with nothing to do and nothing to report.
  public static <S> AgentStep<S> quiet(S state) {
    return new AgentStep<>(state, List.of(), null);
  }
}
