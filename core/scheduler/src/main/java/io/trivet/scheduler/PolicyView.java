package io.trivet.scheduler;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.NodeState;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a policy sees when it decides about one resource: the agreed state, the members of the
/// resource, the time.
///
/// @param state the replicated state, with the decisions of this very plan already written in: a
///   policy that lets one member bootstrap sees that target when it is asked about the next member
/// @param resource id of the resource that it decides about
/// @param members controllers on which the resource may run at all, in the order of the cluster
///   file
/// @param nowMillis wall time of the leader
public record PolicyView(
    ClusterState state, String resource, List<String> members, long nowMillis) {
  public PolicyView {
    members = List.copyOf(members);
  }

  /// Members that are present; those in standby are among them.
  public List<String> presentMembers() {
    return members.stream().filter(m -> state.node(m).present()).toList();
  }

  public NodeState node(String name) {
    return state.node(name);
  }

  /// Last report of a member about the resource, or null if it never reported.
  public @Nullable Report report(String node) {
    return state.report(resource, node);
  }

  public RunState runState(String node) {
    return state.runState(resource, node);
  }

  /// True if the resource is started on at least one member.
  public boolean startedAnywhere() {
    return members.stream().anyMatch(m -> runState(m) == RunState.STARTED);
  }
}
