package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Names;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What an instance is told of the others: who is active where, who starts, who stops; lists of
/// resources and of their nodes, as `notify_*` meta-attributes.
final class NotifyData {
  private record Entry(Resource resource, @Nullable Node node) {}

  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry e) -> e.resource.id)
          .thenComparing(e -> e.node == null ? "" : e.node.id);

  private final SequencedMap<String, List<Entry>> entries = new LinkedHashMap<>();
  private final SequencedMap<String, String> values = new LinkedHashMap<>();

  /// @param activity true if what is done counts, not only what is
  NotifyData(Cluster cluster, Resource rsc, boolean activity) {
    collect(rsc, activity);
    for (String list :
        List.of("stop", "start", "demote", "promote", "active", "unpromoted", "promoted")) {
      put(list, true);
    }
    values.put("notify_slave_resource", values.getOrDefault("notify_unpromoted_resource", " "));
    values.put("notify_slave_uname", values.getOrDefault("notify_unpromoted_uname", " "));
    values.put("notify_master_resource", values.getOrDefault("notify_promoted_resource", " "));
    values.put("notify_master_uname", values.getOrDefault("notify_promoted_uname", " "));
    put("inactive", false);
    List<Node> available = new ArrayList<>();
    for (Candidate candidate : rsc.allowed.list()) {
      available.add(candidate.node);
    }
    available.sort((a, b) -> Names.compare(a.name, b.name));
    values.put("notify_available_uname", names(available));
    values.put("notify_all_uname", names(cluster.nodes));
  }

  private void collect(Resource rsc, boolean activity) {
    if (!rsc.children().isEmpty()) {
      rsc.children().forEach(child -> collect(child, activity));
      return;
    }
    Entry entry = new Entry(rsc, rsc.runningOn.isEmpty() ? null : rsc.runningOn.getFirst());
    if (rsc.role == Role.STOPPED) {
      add("inactive", entry);
    } else if (rsc.role.active()) {
      add("active", entry);
      if (rsc.role != Role.STARTED) {
        add(rsc.role == Role.PROMOTED ? "promoted" : "unpromoted", entry);
      }
    }
    if (activity) {
      rsc.actions.forEach(action -> collect(rsc, action));
    }
  }

  private void collect(Resource rsc, Action action) {
    Node node = action.node;
    if (node == null || action.is(Action.Flag.OPTIONAL)) {
      return;
    }
    boolean impliedStop = action.task.equals(Tasks.STOP) && node.unclean;
    if (!impliedStop && !action.is(Action.Flag.RUNNABLE)) {
      return;
    }
    switch (action.task) {
      case Tasks.START, Tasks.STOP, Tasks.PROMOTE, Tasks.DEMOTE ->
          add(action.task, new Entry(rsc, node));
      default -> {}
    }
  }

  private void add(String list, Entry entry) {
    entries.computeIfAbsent(list, l -> new ArrayList<>()).add(entry);
  }

  private void put(String list, boolean withNodes) {
    List<Entry> sorted = new ArrayList<>(entries.getOrDefault(list, List.of()));
    sorted.sort(ORDER);
    StringBuilder resources = new StringBuilder();
    StringBuilder nodes = new StringBuilder();
    String last = null;
    for (Entry entry : sorted) {
      if (!entry.resource.id.equals(last)) {
        resources.append(resources.isEmpty() ? "" : " ").append(entry.resource.id);
        if (entry.node != null) {
          nodes.append(nodes.isEmpty() ? "" : " ").append(entry.node.name);
        }
      }
      last = entry.resource.id;
    }
    values.put("notify_" + list + "_resource", orBlank(resources));
    if (withNodes) {
      values.put("notify_" + list + "_uname", orBlank(nodes));
    }
  }

  private static String names(List<Node> nodes) {
    StringBuilder names = new StringBuilder();
    for (Node node : nodes) {
      names.append(names.isEmpty() ? "" : " ").append(node.name);
    }
    return orBlank(names);
  }

  private static String orBlank(StringBuilder text) {
    return text.isEmpty() ? " " : text.toString();
  }

  boolean any(String task) {
    return entries.containsKey(task);
  }

  void put(String key, String value) {
    values.put(key, value);
  }

  SequencedMap<String, String> values() {
    return values;
  }
}
