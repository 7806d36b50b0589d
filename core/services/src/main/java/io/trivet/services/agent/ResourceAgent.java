package io.trivet.services.agent;

import java.util.List;

/// Decides for one resource on one node; pure. `S` is an immutable record.
///
/// The edge calls [#initial] when the daemon starts or the resource appears in the cluster file,
/// delivers one [AgentEvent.UnitChanged] for each unit of [#units] with its present state, then the
/// newest target if there is one. All calls for one agent come from one thread.
///
/// A fresh agent that finds its service down cannot know whether the target that it is handed was
/// acted on before the daemon or the machine went away. It takes that target as acted on: it
/// reports STOPPED with the target's epoch as `actedEpoch`, and starts nothing until a new epoch
/// comes. So a bootstrap never happens twice, a controller without quorum starts nothing, and after
/// a power outage the order across services holds. A fresh agent that finds its service up reports
/// it as STARTED with the target's epoch.
///
/// While the daemon lives, services that need the cluster's consent to start again (galera,
/// rabbitmq) report STOPPED when they went down, and wait for a new epoch; the others start again
/// by themselves (report STARTING or FAILED). A new epoch that wants what is already so is acted on
/// by taking it into `actedEpoch`.
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
