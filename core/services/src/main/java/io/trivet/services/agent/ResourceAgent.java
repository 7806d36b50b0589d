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

  /// Everything this agent was made of, as one value. Two agents of a resource with equal values
  /// behave alike, so a cluster file that gives the same value leaves the agent in place.
  Object madeOf();

  AgentStep<S> initial(AgentContext context);

  /// Goes on where an agent of the same resource and the same units was, which was made of
  /// something else: the cluster file changed. The service runs on while what it is to be changes,
  /// so nothing that is still true is forgotten.
  ///
  /// @param before the last state of that agent
  AgentStep<S> takeOver(S before, AgentContext context);

  AgentStep<S> step(S state, AgentEvent event, AgentContext context);

  /// When the agent wants a [AgentEvent.Tick], on the clock of [AgentContext#nowNanos];
  /// [Long#MAX_VALUE] = never.
  long dueAtNanos(S state);
}
