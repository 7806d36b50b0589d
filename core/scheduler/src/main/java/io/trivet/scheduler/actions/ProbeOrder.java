package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Ordering;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.rules.Booleans;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What is ordered after a probe because of what is ordered after the resource: where A's stop
/// comes before X, so does A's probe, which may find A running; and where A's start comes before
/// B's, A's probe comes before a restart of B.
final class ProbeOrder {
  private static final EnumSet<OrderFlag> ORDERED = EnumSet.of(OrderFlag.ORDERED);
  private static final EnumSet<OrderFlag> BLOCKS =
      EnumSet.of(OrderFlag.ORDERED, OrderFlag.UNRUNNABLE_FIRST_BLOCKS);

  private ProbeOrder() {}

  static void add(Cluster cluster) {
    cluster.resources.forEach(ProbeOrder::beforeStartsAndRestarts);
    beforeWhatFollowsStops(cluster);
  }

  private static void beforeStartsAndRestarts(Resource resource) {
    if (!(resource instanceof Resource.Primitive)) {
      resource.children().forEach(ProbeOrder::beforeStartsAndRestarts);
      return;
    }
    // The same for its probes on all nodes.
    SequencedMap<Action, List<Action>> restarted = new LinkedHashMap<>();
    for (Action probe : probes(resource)) {
      // Newest first; those that are added meanwhile do not count.
      for (int i = probe.after.size() - 1; i >= 0; i--) {
        Action.Relation then = probe.after.get(i);
        beforeStarts(probe, then);
        for (Action stop :
            restarted.computeIfAbsent(then.action, action -> restarted(resource, action))) {
          Orderings.link(probe, stop, ORDERED);
        }
      }
    }
  }

  private static List<Action> probes(Resource resource) {
    return resource.actionsOfKey(resource.key("monitor"));
  }

  /// A clone that runs somewhere goes on without a probe that cannot be made; its instances that do
  /// not run wait, so that there will not be too many of them.
  private static void beforeStarts(Action probe, Action.Relation after) {
    Resource clone = after.action.resource;
    if (!(clone instanceof Resource.Clone || clone instanceof Resource.Bundle)
        || probe.resource == null
        || probe.is(Action.Flag.RUNNABLE)
        || after.flags.contains(OrderFlag.UNRUNNABLE_FIRST_BLOCKS)
        || probe.resource.topInBundle() != clone
        || !after.action.task.equals("start")) {
      return;
    }
    for (Action.Relation then : List.copyOf(after.action.after).reversed()) {
      Resource instance = then.action.resource;
      if (instance != null
          && instance.runningOn.isEmpty()
          && instance.topInBundle() == clone
          && then.action.task.equals("start")) {
        Orderings.link(probe, then.action, BLOCKS);
      }
    }
  }

  /// The stops and demotions of other primitives that restart, or are promoted again, because of
  /// that action, which comes after a probe of the resource.
  private static List<Action> restarted(Resource probed, Action action) {
    List<Action> stops = new ArrayList<>();
    SequencedSet<Action> seen = new LinkedHashSet<>();
    ArrayDeque<Action> open = new ArrayDeque<>();
    open.push(action);
    while (!open.isEmpty()) {
      Action after = open.pop();
      if (!seen.add(after)) {
        continue;
      }
      Resource resource = after.resource;
      if (resource instanceof Resource.Primitive && resource != probed) {
        addStops(after, resource, stops);
      }
      boolean several = resource instanceof Resource.Clone || resource instanceof Resource.Bundle;
      boolean interleave =
          several && resource != null && Booleans.parse(resource.meta("interleave"), false);
      Resource partner = interleave && resource != null ? compatible(probed, resource) : null;
      for (Action.Relation next : after.after) {
        if (next.flags.contains(OrderFlag.FIRST_IMPLIES_THEN)
            || leadsToChild(probed, resource, next.action.resource, interleave, partner)) {
          open.push(next.action);
        }
      }
    }
    return stops;
  }

  /// From a collective resource on to its children.
  private static boolean leadsToChild(
      Resource probed,
      @Nullable Resource resource,
      @Nullable Resource child,
      boolean interleave,
      @Nullable Resource partner) {
    return resource != null
        && !(resource instanceof Resource.Primitive)
        && probed.parent != resource
        && child != null
        && !(child instanceof Resource.Clone)
        && !(child instanceof Resource.Bundle)
        && resource == child.parent
        && !(interleave && partner != child);
  }

  private static void addStops(Action after, Resource resource, List<Action> stops) {
    String down =
        switch (after.task) {
          case "start" -> "stop";
          case "promote" -> "demote";
          default -> null;
        };
    if (down == null) {
      return;
    }
    for (Action then : resource.actionsOfKey(resource.key(down))) {
      if (!then.is(Action.Flag.PSEUDO)) {
        stops.add(then);
      }
    }
  }

  /// The instance that goes together with the resource, by where they will be.
  private static @Nullable Resource compatible(Resource resource, Resource clone) {
    Node node = Family.location(resource, false);
    if (node != null) {
      return instanceOn(clone, node);
    }
    List<NodeScores.Candidate> nodes = resource.allowed.list();
    nodes.sort((a, b) -> Integer.compare(b.score, a.score));
    for (NodeScores.Candidate candidate : nodes) {
      Resource found = instanceOn(clone, candidate.node);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Resource instanceOn(Resource clone, Node node) {
    for (Resource instance : Family.instances(clone)) {
      if (Family.location(instance, false) == node) {
        return instance;
      }
    }
    return null;
  }

  private static void beforeWhatFollowsStops(Cluster cluster) {
    for (Ordering order : cluster.orderings) {
      Resource resource = order.firstResource;
      if (order.flags.isEmpty()
          || resource == null
          || resource == order.thenResource
          || !isStop(order.first, order.firstTask)
          || (order.thenResource != null
              && resource.container == order.thenResource
              && isStop(order.then, order.thenTask))) {
        continue;
      }
      List<Action> probes = probes(resource);
      if (probes.isEmpty()) {
        continue;
      }
      EnumSet<OrderFlag> flags = flags(order);
      for (Action probe : probes) {
        for (Action then : thens(order)) {
          if (needed(probe, then)) {
            Orderings.link(probe, then, flags);
          }
        }
      }
    }
  }

  private static boolean isStop(@Nullable Action action, @Nullable String key) {
    return action == null ? key != null && key.endsWith("_stop_0") : action.task.equals("stop");
  }

  private static EnumSet<OrderFlag> flags(Ordering order) {
    if (order.flags.equals(EnumSet.of(OrderFlag.IF_REQUIRED_ON_SAME_NODE))
        || order.flags.equals(EnumSet.of(OrderFlag.IF_ON_SAME_NODE_OR_TARGET))) {
      return order.flags;
    }
    EnumSet<OrderFlag> flags = EnumSet.of(OrderFlag.ORDERED);
    if (order.flags.contains(OrderFlag.IF_FIRST_UNMIGRATABLE)) {
      flags.add(OrderFlag.IF_FIRST_UNMIGRATABLE);
    }
    if (order.flags.contains(OrderFlag.IF_ON_SAME_NODE)) {
      flags.add(OrderFlag.IF_ON_SAME_NODE);
    }
    return flags;
  }

  private static List<Action> thens(Ordering order) {
    if (order.then != null) {
      return List.of(order.then);
    }
    if (order.thenResource == null || order.thenTask == null) {
      return List.of();
    }
    return order.thenResource.actionsOfKey(order.thenTask);
  }

  /// A node is unfenced before probes, and shut down after those on it.
  private static boolean needed(Action probe, Action then) {
    if (then.task.equals("stonith") && probe.node == then.node) {
      return !"on".equals(then.meta.get("stonith_action"));
    }
    return !then.task.equals("do_shutdown")
        || probe.node == null
        || then.node == null
        || probe.node == then.node;
  }
}
