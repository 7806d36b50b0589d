package io.trivet.services.agent;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can happen to an agent. A `tag` is what the agent put into the effect that this answers.
public sealed interface AgentEvent {
  /// The error, or the detail of a probe, when nothing came in the time that the question had.
  /// Every other text is an answer, or tells that nobody is there.
  String NO_ANSWER = "no answer in time";

  /// The newest target for this resource on this node; also at the start of the daemon.
  record TargetSet(Target target) implements AgentEvent {}

  /// The time of [ResourceAgent#dueAtNanos] has come.
  record Tick() implements AgentEvent {}

  /// A systemd unit changed, or its state was read for the first time. Words are systemd's own
  /// (org.freedesktop.systemd1(5)): ActiveState `active`, `activating`, `deactivating`, `inactive`,
  /// `failed`, `reloading`; SubState; Result `success`, `exit-code`, `signal`, …. ActiveState is
  /// `not-found` where no such unit is installed.
  record UnitChanged(String unit, String activeState, String subState, String result)
      implements AgentEvent {}

  /// A tool ended. Exit code -1: it could not be run or took longer than it may; `stderr` says
  /// which.
  record ToolDone(String tag, int exitCode, String stdout, String stderr) implements AgentEvent {}

  /// SQL ended: the rows of all statements in order, a row being its columns (null = SQL NULL), or
  /// an error.
  record SqlDone(String tag, List<List<@Nullable String>> rows, @Nullable String error)
      implements AgentEvent {}

  /// HAProxy answered on its runtime socket: one text for each command, or an error.
  record HaproxyDone(String tag, List<String> outputs, @Nullable String error)
      implements AgentEvent {}

  /// A probe ended; `detail` is an HTTP status line or what went wrong.
  record ProbeDone(String tag, boolean ok, String detail) implements AgentEvent {}

  /// How much processor time all processes of a unit have used since it was started; -1 where that
  /// is not counted.
  record CpuUsed(String unit, long nanos) implements AgentEvent {}

  /// A file was looked for.
  record FileRead(String tag, OnDisk<String> file) implements AgentEvent {}

  /// A folder was looked for: the names of what is in it, in order.
  record FolderListed(String tag, OnDisk<List<String>> names) implements AgentEvent {}

  /// A file could not be written; the effects after it in the same step were not carried out.
  record WriteFailed(String path, String error) implements AgentEvent {}

  /// A controller is gone: its lease ended. Comes before the others' own timeouts do.
  record PeerGone(String node) implements AgentEvent {}

  /// A controller is back.
  record PeerBack(String node) implements AgentEvent {}

  /// The replicated state changed in something else than this resource's own target.
  record ViewChanged(ClusterState view) implements AgentEvent {}

  /// This controller began or ceased to hold the lease of the resource, one that the network
  /// fences; also said once when the agent begins.
  record LeaseChanged(boolean holding) implements AgentEvent {}
}
