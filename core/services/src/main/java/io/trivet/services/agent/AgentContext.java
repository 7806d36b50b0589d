package io.trivet.services.agent;

import io.trivet.cluster.state.ClusterState;

/// What an agent may look at besides its own state and the event.
///
/// @param nowNanos monotonic clock of this node; only differences mean something
/// @param node the controller the agent runs on
/// @param view the replicated state as this node has applied it; it may be old when there is no
///   quorum
public record AgentContext(long nowNanos, String node, ClusterState view) {}
