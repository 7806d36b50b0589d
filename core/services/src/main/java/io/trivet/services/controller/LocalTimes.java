package io.trivet.services.controller;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.NodeState;
import io.trivet.cluster.state.Observation;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Target;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Since when things are as the state says, counted on this controller's own clock.
///
/// The times in the state are wall times of whoever proposed the entry: of another controller,
/// whose clock may be wrong by hours, or of one that has been set since. Who decides after some
/// time has passed (a pause between tries, how long a member may be outside of its component) must
/// not compare them with his own clock. So every member notes, on the clock that nobody sets, when
/// it came to know of each report, order and presence, and a plan is made from the state with these
/// times in it ([#in]).
///
/// | what | counts from when this controller applied |
/// |---|---|
/// | a report | the first one with this run state and this way of failing ([#KINDS]) |
/// | an order | it |
/// | a presence | it |
///
/// A daemon that starts counts from its start: it waits longer than it would have to, never
/// shorter.
final class LocalTimes {
  /// Facts that, there or not, tell one way of failing from another: how long one lasts says
  /// nothing of the next.
  private static final List<String> KINDS = List.of("hangs", "full", "state", "unwritable");

  private record Since(Object what, long nanos) {}

  private final NavigableMap<String, Since> known = new TreeMap<>();

  /// The state is so from now on.
  void follow(ClusterState state, long nowNanos) {
    TreeMap<String, Since> next = new TreeMap<>();
    state
        .observations()
        .values()
        .forEach(
            byNode ->
                byNode
                    .values()
                    .forEach(seen -> note(next, key(seen), kind(seen.report()), nowNanos)));
    state
        .targets()
        .values()
        .forEach(
            byNode ->
                byNode
                    .values()
                    .forEach(target -> note(next, key(target), target.epoch(), nowNanos)));
    state.nodes().forEach((name, node) -> note(next, name, node.presence(), nowNanos));
    known.clear();
    known.putAll(next);
  }

  private void note(Map<String, Since> next, String key, Object what, long nowNanos) {
    Since before = known.get(key);
    next.put(key, before != null && before.what.equals(what) ? before : new Since(what, nowNanos));
  }

  /// The state with times that can be compared with `atMillis`.
  ///
  /// @param atMillis this controller's wall time at `nowNanos`
  ClusterState in(ClusterState state, long nowNanos, long atMillis) {
    TreeMap<String, NavigableMap<String, Target>> targets = new TreeMap<>();
    state
        .targets()
        .forEach(
            (resource, byNode) ->
                targets.put(
                    resource,
                    each(
                        byNode,
                        (name, t) ->
                            new Target(
                                t.resource(),
                                t.node(),
                                t.wanted(),
                                t.how(),
                                t.epoch(),
                                since(key(t), nowNanos, atMillis),
                                t.reason()))));
    TreeMap<String, NavigableMap<String, Observation>> observations = new TreeMap<>();
    state
        .observations()
        .forEach(
            (resource, byNode) ->
                observations.put(
                    resource,
                    each(
                        byNode,
                        (name, o) ->
                            new Observation(
                                o.report(),
                                since(key(o), nowNanos, atMillis),
                                o.failures(),
                                o.failedAtMillis()))));
    NavigableMap<String, NodeState> nodes =
        each(
            state.nodes(),
            (name, n) ->
                new NodeState(
                    n.presence(),
                    since(name, nowNanos, atMillis),
                    n.standby(),
                    n.standbySinceMillis(),
                    n.incarnation()));
    return new ClusterState(
        state.index(),
        state.clusterFile(),
        state.clusterFileEpoch(),
        state.trial(),
        state.roster(),
        nodes,
        targets,
        observations,
        state.vips(),
        state.attributes(),
        state.preferences(),
        state.acceptedLosses(),
        state.noticeCount(),
        state.notices());
  }

  private interface Moved<V> {
    V of(String name, V value);
  }

  private static <V> NavigableMap<String, V> each(Map<String, V> all, Moved<V> moved) {
    TreeMap<String, V> next = new TreeMap<>();
    all.forEach((name, value) -> next.put(name, moved.of(name, value)));
    return next;
  }

  private long since(String key, long nowNanos, long atMillis) {
    Since since = known.get(key);
    long age = since == null ? 0 : (nowNanos - since.nanos) / 1_000_000;
    return Math.max(0, atMillis - age);
  }

  private static Object kind(Report report) {
    return List.of(
        report.run(), KINDS.stream().filter(f -> report.facts().containsKey(f)).toList());
  }

  private static String key(Observation seen) {
    return "report " + seen.report().resource() + " " + seen.report().node();
  }

  private static String key(Target target) {
    return "order " + target.resource() + " " + target.node();
  }
}
