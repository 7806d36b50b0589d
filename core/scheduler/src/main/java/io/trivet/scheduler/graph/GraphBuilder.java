package io.trivet.scheduler.graph;

import io.trivet.scheduler.actions.ActionFlags;
import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.actions.Notifications;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Action.Flag;
import io.trivet.scheduler.model.Action.Relation;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.model.Resource.Clone;
import io.trivet.scheduler.model.Resource.Group;
import io.trivet.scheduler.model.Resource.Primitive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;

/// Makes the graph: the actions that are done, each with those that it waits for. First those of
/// the resources in their order, then those of nodes and of the cluster; newest first.
public final class GraphBuilder {
  private final Cluster cluster;
  private final List<Graph.Synapse> synapses = new ArrayList<>();

  private GraphBuilder(Cluster cluster) {
    this.cluster = cluster;
  }

  public static Graph build(Cluster cluster) {
    GraphBuilder builder = new GraphBuilder(cluster);
    cluster.resources.forEach(builder::add);
    builder.addMaintenanceUpdate();
    builder.addActions(cluster.actions);
    return new Graph(builder.synapses);
  }

  private void add(Resource resource) {
    switch (resource) {
      case Primitive primitive -> addActions(primitive.actions);
      case Group group -> {
        addActions(group.actions);
        group.members.forEach(this::add);
      }
      case Clone clone -> {
        clone.actions.reversed().forEach(ActionFlags::refresh);
        Notifications.create(cluster, clone);
        clone.instances.forEach(this::add);
        addActions(clone.actions);
      }
      case Bundle bundle -> {
        if (bundle.clone != null) {
          add(bundle.clone);
        }
        for (Bundle.Replica replica : bundle.replicas) {
          for (Resource part : new Resource[] {replica.ip, replica.container, replica.remote}) {
            if (part != null) {
              add(part);
            }
          }
        }
      }
    }
  }

  /// Remote nodes that enter or leave maintenance mode are told of by an action of its own.
  private void addMaintenanceUpdate() {
    for (Node node : cluster.nodes) {
      if (node.isRemoteOrGuest() && node.maintenance != node.remoteMaintenance) {
        Actions.pseudo(cluster, "maintenance_nodes").set(Flag.ALWAYS_IN_GRAPH, true);
        return;
      }
    }
  }

  private void addActions(List<Action> actions) {
    for (int i = actions.size() - 1; i >= 0; i--) {
      add(actions.get(i));
    }
  }

  private void add(Action action) {
    if (!action.is(Flag.INPUTS_DEDUPLICATED)) {
      deduplicate(action);
      action.set(Flag.INPUTS_DEDUPLICATED, true);
    }
    if (action.is(Flag.ADDED_TO_GRAPH) || !GraphInputs.inGraph(action)) {
      return;
    }
    action.set(Flag.ADDED_TO_GRAPH, true);
    int id = synapses.size();
    List<Action> inputs = new ArrayList<>(action.before.size());
    for (Relation input : action.before) {
      if (GraphInputs.counts(action, input)) {
        input.inGraph = true;
        inputs.add(input.action);
      }
    }
    int priority = action.resource == null ? 0 : action.resource.priority;
    priority = Math.max(0, Math.max(priority, action.priority));
    synapses.add(new Graph.Synapse(id, priority, action, inputs));
  }

  private static final Comparator<Relation> BY_ID = Comparator.comparingInt(r -> r.action.id);

  /// Several orderings with the same action are one, with the flags of all.
  private static void deduplicate(Action action) {
    if (action.before.size() < 2) {
      action.before.forEach(input -> input.inGraph = false);
      return;
    }
    List<Relation> sorted = new ArrayList<>(action.before.reversed());
    sorted.sort(BY_ID);
    action.before.clear();
    Relation last = null;
    for (Relation input : sorted) {
      if (last != null && last.action == input.action) {
        EnumSet<OrderFlag> flags = EnumSet.copyOf(last.flags);
        flags.addAll(input.flags);
        last.flags = flags;
        last.inGraph |= input.inGraph;
      } else {
        input.inGraph = false;
        action.before.add(input);
        last = input;
      }
    }
  }
}
