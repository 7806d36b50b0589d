package io.trivet.cluster.state;

import io.trivet.cluster.VipAssignment;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that the members of a cluster have agreed on. Immutable; [#apply] gives the next one.
///
/// @param index index of the last applied log entry, 0 before the first
/// @param clusterFile text of the cluster file, or null before there is one
/// @param clusterFileEpoch index of the entry that set it
/// @param trial what to go back to while the cluster file is not known to work; null once it is
/// @param roster the names in the cluster file
/// @param nodes what is agreed on about each controller of the roster
/// @param targets resource → node → what the leader wants there
/// @param observations resource → node → what the node reported last
/// @param vips VIP → who should hold it
/// @param attributes other decisions of the leader by name
/// @param preferences resource → where an operator wants it
/// @param acceptedLosses resource → member from which an operator lets it be recovered, at what
///   price
/// @param noticeCount how many notices were ever said; the last one in `notices` has this number
/// @param notices the last [#TIMELINE_LENGTH] notices, oldest first
public record ClusterState(
    long index,
    @Nullable String clusterFile,
    long clusterFileEpoch,
    @Nullable FileTrial trial,
    Roster roster,
    NavigableMap<String, NodeState> nodes,
    NavigableMap<String, NavigableMap<String, Target>> targets,
    NavigableMap<String, NavigableMap<String, Observation>> observations,
    NavigableMap<String, VipAssignment> vips,
    NavigableMap<String, Attribute> attributes,
    NavigableMap<String, OperatorWish> preferences,
    NavigableMap<String, AcceptedLoss> acceptedLosses,
    long noticeCount,
    List<Notice> notices) {

  /// How many notices the timeline keeps.
  public static final int TIMELINE_LENGTH = 500;

  /// Name of the attribute that tells this log from every other one: who began it, and when. What a
  /// machine remembers of another log says nothing about this one: its indices begin anew.
  public static final String LOG = "log";

  /// How long a resource must have run, in milliseconds, for its next failure to count as the first
  /// one.
  public static final long STABLE_MILLIS = 60_000;

  public ClusterState {
    Check.notNegative("index of the state", index);
    Check.given("roster of the state", roster);
    nodes = Check.sorted(Check.given("nodes of the state", nodes));
    targets = nested(Check.given("targets of the state", targets));
    observations = nested(Check.given("observations of the state", observations));
    vips = Check.sorted(Check.given("VIPs of the state", vips));
    attributes = Check.sorted(Check.given("attributes of the state", attributes));
    preferences = Check.sorted(Check.given("preferences of the state", preferences));
    acceptedLosses = Check.sorted(Check.given("accepted losses of the state", acceptedLosses));
    notices = List.copyOf(Check.given("notices of the state", notices));
    if (noticeCount < notices.size()) {
      throw new IllegalArgumentException(
          "notice count " + noticeCount + " is less than the notices kept");
    }
  }

  /// The state of a cluster in which nothing was decided.
  public static ClusterState empty() {
    return new ClusterState(
        0,
        null,
        0,
        null,
        Roster.EMPTY,
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        0,
        List.of());
  }

  /// Applies one log entry. Pure: the same state and entry give the same result on every member.
  /// What cannot be applied changes nothing but is told in the refusals, and in a notice unless it
  /// was only stale.
  ///
  /// @throws IllegalArgumentException if `atIndex` is not above [#index]: the log was applied twice
  ///   or out of order
  public Applied apply(long atIndex, Proposal proposal) {
    if (atIndex <= index) {
      throw new IllegalArgumentException(
          "entry " + atIndex + " applied to a state that is at " + index + " already");
    }
    Change change = new Change(this, atIndex, proposal);
    change.run();
    return change.applied();
  }

  /// What is agreed on about a controller; one that the cluster file does not name is gone.
  public NodeState node(String name) {
    NodeState node = nodes.get(name);
    return node == null ? NodeState.UNHEARD : node;
  }

  public @Nullable Target target(String resource, String node) {
    NavigableMap<String, Target> byNode = targets.get(resource);
    return byNode == null ? null : byNode.get(node);
  }

  public @Nullable Observation observation(String resource, String node) {
    NavigableMap<String, Observation> byNode = observations.get(resource);
    return byNode == null ? null : byNode.get(node);
  }

  public @Nullable Report report(String resource, String node) {
    Observation observation = observation(resource, node);
    return observation == null ? null : observation.report();
  }

  /// What the node said last about the resource, UNKNOWN if it said nothing or is gone.
  public RunState runState(String resource, String node) {
    Report report = report(resource, node);
    return report == null ? RunState.UNKNOWN : report.run();
  }

  /// Value of an attribute, or null if it was never decided or was taken back.
  public @Nullable String attribute(String name) {
    Attribute attribute = attributes.get(name);
    return attribute == null ? null : attribute.value();
  }

  private static <V> NavigableMap<String, NavigableMap<String, V>> nested(
      Map<String, ? extends NavigableMap<String, V>> map) {
    TreeMap<String, NavigableMap<String, V>> copy = new TreeMap<>();
    map.forEach((key, inner) -> copy.put(key, Check.sorted(inner)));
    return Collections.unmodifiableNavigableMap(copy);
  }
}
