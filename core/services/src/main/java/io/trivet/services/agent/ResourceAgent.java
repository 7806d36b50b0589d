package io.trivet.services.agent;

import java.util.List;

/// Decides for one resource on one node; pure. `S` is an immutable record.
///
/// The edge calls [#initial] when the daemon starts or the resource appears in the cluster file,
/// delivers one [AgentEvent.UnitChanged] for each unit of [#units] with its present state, then the
/// newest target if there is one. All calls for one agent come from one thread.
///
/// Services that need the cluster's consent to start again (galera, rabbitmq): a fresh agent that
/// finds its unit down cannot know whether the target that it is handed was acted on before the
/// daemon or the machine went away. It takes that target as acted on (report STOPPED with its epoch
/// as `actedEpoch`) and waits for a new epoch: a bootstrap must never happen twice.
public interface ResourceAgent<S> {
  /// The id of the resource, as in the cluster file's expansion.
  String resource();

  /// systemd units whose changes the agent wants to hear of.
  List<String> units();

  AgentStep<S> initial(AgentContext context);

  AgentStep<S> step(S state, AgentEvent event, AgentContext context);

  /// When the agent wants a [AgentEvent.Tick], on the clock of [AgentContext#nowNanos];
  /// [Long#MAX_VALUE] = never.
  long dueAtNanos(S state);
}
