package io.trivet.services.controller;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who is heard, in which run of its daemon, as this member hears it, and what follows for the
/// agreed presence while it leads: a silent controller is gone at once, one that is heard again is
/// present after it was heard steadily for [#STEADY_NANOS]. About a controller that was neither
/// heard nor missed since this daemon started, nothing is said.
final class Presences {
  /// A controller that flaps must not pull services back and forth.
  static final long STEADY_NANOS = 1_000_000_000L;

  private final String self;
  private final NavigableMap<String, Long> heardSinceNanos = new TreeMap<>();
  private final NavigableSet<String> silent = new TreeSet<>();
  private final NavigableMap<String, Long> incarnations = new TreeMap<>();

  /// @param incarnation number of this run of the daemon
  Presences(String self, long incarnation) {
    this.self = self;
    incarnations.put(self, incarnation);
  }

  void began(String peer, long incarnation, long nowNanos) {
    incarnations.put(peer, incarnation);
    heard(peer, nowNanos);
  }

  /// Member → the run of its daemon that is heard now, this member's own included. Of a silent one
  /// nothing is known.
  NavigableMap<String, Long> incarnations() {
    return Collections.unmodifiableNavigableMap(incarnations);
  }

  void heard(String peer, long nowNanos) {
    silent.remove(peer);
    heardSinceNanos.putIfAbsent(peer, nowNanos);
  }

  void silent(String peer) {
    silent.add(peer);
    incarnations.remove(peer);
    heardSinceNanos.remove(peer);
  }

  /// What the leader has to write down now.
  List<Command> changes(ClusterState state, long nowNanos) {
    List<Command> changes = new ArrayList<>();
    for (String node : state.roster().nodes()) {
      boolean agreed = state.node(node).present();
      if (agreed && silent.contains(node)) {
        changes.add(new Command.NodePresence(node, Presence.GONE));
      } else if (!agreed && steady(node, nowNanos)) {
        changes.add(new Command.NodePresence(node, Presence.PRESENT));
      }
    }
    return changes;
  }

  /// When somebody who is not agreed to be present will have been heard long enough.
  long dueAtNanos(ClusterState state) {
    return state.roster().nodes().stream()
        .filter(
            node ->
                !state.node(node).present()
                    && heardSinceNanos.containsKey(node)
                    && incarnations.containsKey(node))
        .mapToLong(node -> heardSinceNanos.getOrDefault(node, 0L) + STEADY_NANOS)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private boolean steady(String node, long nowNanos) {
    if (node.equals(self)) {
      return true;
    }
    Long since = heardSinceNanos.get(node);
    return since != null && incarnations.containsKey(node) && nowNanos - since >= STEADY_NANOS;
  }
}
