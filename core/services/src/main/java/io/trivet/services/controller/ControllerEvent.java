package io.trivet.services.controller;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Proposal;
import io.trivet.services.agent.AgentEvent;
import org.jspecify.annotations.Nullable;

/// Everything that can happen to a controller, as its [ControllerMachine] is told of it.
public sealed interface ControllerEvent {
  /// The log applied an entry on this member.
  record EntryApplied(long index, Proposal proposal) implements ControllerEvent {}

  /// The state was replaced as a whole, by a snapshot.
  record StateRestored(ClusterState state) implements ControllerEvent {}

  /// The leader that this member knows of changed.
  ///
  /// @param leader its name, null when none is known
  /// @param selfLeads true when this member leads and has applied everything that was committed
  ///   before it did
  record LeaderChanged(@Nullable String leader, boolean selfLeads) implements ControllerEvent {}

  /// This member is gone: every lease of it has ended, and a majority misses it, or this one alone
  /// for two seconds.
  record PeerSilent(String peer) implements ControllerEvent {}

  /// The first sign of life of this member ever, or after it was gone.
  record PeerHeard(String peer) implements ControllerEvent {}

  /// Which run of this member's daemon is heard; after silence, after `PeerLeft`, and when it is
  /// another one.
  ///
  /// @param incarnation number of the run, as in its pulses
  record PeerBegan(String peer, long incarnation) implements ControllerEvent {}

  /// This member is in hearing, and its daemon is gone: for its services as if it were silent.
  record PeerLeft(String peer) implements ControllerEvent {}

  /// The lease process of this controller has been away for longer than a new start of it takes, or
  /// is there again. Without it this controller does not know who is heard.
  record LeasesThere(boolean there) implements ControllerEvent {}

  /// This controller began or ceased to answer for a VIP.
  ///
  /// @param epoch epoch of the assignment under which it holds
  record HoldChanged(String vip, boolean holding, long epoch) implements ControllerEvent {}

  /// What the kernel of this controller says about a VIP.
  ///
  /// @param unfit why this controller cannot serve it, a clause for people; empty when it can
  /// @param stranger who answers for it without being a holder; empty when nobody does
  record VipCondition(String vip, String unfit, String stranger) implements ControllerEvent {}

  /// The lease process has taken on a cluster file, or cannot.
  ///
  /// @param use number of the [ControllerEffect.UseClusterFile]
  /// @param why it cannot, a clause for people; empty when it has
  record ClusterFileTaken(long use, String why) implements ControllerEvent {}

  /// An effect of an agent gave a result.
  record AgentAnswered(String resource, AgentEvent answer) implements ControllerEvent {}

  /// A systemd unit changed; every agent that named it is told.
  record UnitChanged(AgentEvent.UnitChanged change) implements ControllerEvent {}

  /// A submission came to its end.
  ///
  /// @param token of the [ControllerEffect.Submit]
  /// @param failure null when the entry is in the log, else why it is not (it may still come)
  record SubmitEnded(long token, @Nullable String failure) implements ControllerEvent {}

  /// The daemon is going to stop: hand over what can be handed over.
  record Stopping() implements ControllerEvent {}

  /// Time has passed; due at [ControllerMachine#dueAtNanos].
  record Tick() implements ControllerEvent {}
}
