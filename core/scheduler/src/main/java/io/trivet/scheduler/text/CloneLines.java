package io.trivet.scheduler.text;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Names;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Running;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The lines of the status that tell of a clone: instances that are as they should be are counted
/// by their nodes, all others have a line of their own.
final class CloneLines {
  private final Resource.Clone clone;
  private final Cluster cluster;
  private final List<String> promoted = new ArrayList<>();
  private final List<String> started = new ArrayList<>();

  private CloneLines(Cluster cluster, Resource.Clone clone) {
    this.cluster = cluster;
    this.clone = clone;
  }

  static void add(Cluster cluster, Resource.Clone clone, int depth, Lines lines) {
    new CloneLines(cluster, clone).add(depth, lines);
  }

  private void add(int depth, Lines lines) {
    List<String> words = new ArrayList<>();
    if (clone.promotable) {
      words.add("promotable");
    }
    if (clone.is(Resource.Flag.GLOBALLY_UNIQUE)) {
      words.add("unique");
    }
    words.addAll(ResourceLines.words(clone));
    lines.item(
        depth,
        "Clone Set: %s [%s]%s:".formatted(clone.id, childName(), ResourceLines.flags(words)));
    for (Resource instance : clone.instances) {
      if (!counted(instance)) {
        ResourceLines.add(cluster, instance, depth + 1, lines);
      }
    }
    promoted.sort(Names::compare);
    started.sort(Names::compare);
    lines.names(depth + 1, "Promoted", promoted);
    lines.names(depth + 1, startedLabel(), started);
    stopped().forEach((state, nodes) -> lines.names(depth + 1, state, nodes));
  }

  private String childName() {
    if (clone.childXml != null) {
      return clone.childXml.id();
    }
    return clone.instances.isEmpty() ? "" : clone.instances.getFirst().xml.id();
  }

  private String startedLabel() {
    if (!clone.promotable) {
      return "Started";
    }
    return targetRole() == Role.UNPROMOTED ? "Unpromoted (target-role)" : "Unpromoted";
  }

  private @Nullable Role targetRole() {
    String role = clone.meta("target-role");
    if (role == null && !clone.instances.isEmpty()) {
      role = clone.instances.getFirst().meta("target-role");
    }
    return Role.parse(role);
  }

  /// True if the instance needs no line of its own; its node is noted where it is active.
  private boolean counted(Resource instance) {
    boolean active = Running.active(instance, false);
    if (clone.is(Resource.Flag.GLOBALLY_UNIQUE)) {
      return !active && clone.is(Resource.Flag.REMOVED);
    }
    if (instance.pendingTask != null && !instance.pendingTask.equals("probe")) {
      return false;
    }
    if (!active) {
      return true;
    }
    if (Running.is(instance, Resource.Flag.REMOVED, true)
        || !Running.is(instance, Resource.Flag.MANAGED, false)
        || Running.is(instance, Resource.Flag.FAILED, true)
        || !Running.active(instance, true)) {
      return false;
    }
    List<Node> nodes = Running.nodes(instance);
    if (nodes.size() != 1 || (!nodes.getFirst().online && nodes.getFirst().unclean)) {
      return false;
    }
    boolean up = Running.role(instance).compareTo(Role.UNPROMOTED) > 0;
    (up ? promoted : started).add(nodes.getFirst().name);
    return true;
  }

  /// Nodes without an instance by why there is none; only where each is like the other.
  private SequencedMap<String, List<String>> stopped() {
    SequencedMap<String, List<String>> stopped = new TreeMap<>();
    if (clone.is(Resource.Flag.GLOBALLY_UNIQUE) || clone.max <= promoted.size() + started.size()) {
      return stopped;
    }
    List<Node> nodes = new ArrayList<>();
    for (NodeScores.Candidate candidate : clone.allowed.list()) {
      nodes.add(candidate.node);
    }
    if (nodes.isEmpty()) {
      nodes.addAll(clone.knownOn);
    }
    nodes.sort(Comparator.comparing(n -> n.name, Names::compare));
    List<Node> running = Running.nodes(clone);
    Role role = targetRole();
    for (Node node : nodes) {
      if (!running.contains(node)) {
        String failure = ProbeFailures.of(cluster, clone, node.name);
        String state =
            failure != null
                ? "Stopped (" + failure + ")"
                : role == Role.STOPPED ? "Stopped (disabled)" : "Stopped";
        stopped.computeIfAbsent(state, s -> new ArrayList<>()).add(node.name);
      }
    }
    return stopped;
  }
}
