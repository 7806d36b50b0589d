package io.trivet.scheduler.text;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Running;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A plan as data, for programs: nodes and resources as they are, what becomes of them with
/// reasons, and the actions in their order.
///
/// @param nodes by name
/// @param resources primitives and instances, in the order of the configuration
/// @param fencing nodes that are fenced
/// @param changes what becomes of resources
/// @param actions in the order of execution
public record PlanView(
    List<NodeView> nodes,
    List<ResourceView> resources,
    List<FencingView> fencing,
    List<ChangeView> changes,
    List<ActionView> actions) {
  public PlanView {
    nodes = List.copyOf(nodes);
    resources = List.copyOf(resources);
    fencing = List.copyOf(fencing);
    changes = List.copyOf(changes);
    actions = List.copyOf(actions);
  }

  /// @param kind `cluster`, `remote` or `guest`
  public record NodeView(
      String name,
      String kind,
      boolean online,
      boolean unclean,
      boolean pending,
      boolean standby,
      boolean maintenance,
      boolean dc) {}

  /// @param agent such as `ocf:heartbeat:IPaddr2`
  /// @param role such as `Started`
  /// @param nodes where it runs
  /// @param nextRole the role it shall have
  /// @param nextNode where it shall run, or null
  public record ResourceView(
      String id,
      String agent,
      String role,
      List<String> nodes,
      boolean managed,
      boolean failed,
      String nextRole,
      @Nullable String nextNode) {
    public ResourceView {
      nodes = List.copyOf(nodes);
    }
  }

  /// @param action `reboot`, `off` or `on`
  public record FencingView(String node, String action, @Nullable String reason) {}

  /// @param change a word such as `Start`, `Move`, `Recover`
  /// @param from where it runs, or null
  /// @param to where it shall run, or null
  /// @param blocked true if it cannot be done
  /// @param reason why, empty where there is nothing to tell
  public record ChangeView(
      String change,
      String resource,
      @Nullable String from,
      @Nullable String to,
      boolean blocked,
      String reason) {}

  /// @param key such as `rsc1_start_0`
  /// @param pseudo true if nothing is executed for it
  public record ActionView(
      int id,
      String key,
      String task,
      @Nullable String resource,
      @Nullable String node,
      boolean pseudo,
      @Nullable String reason) {}

  /// What of it is known before anything is planned; to be asked for then, since a plan changes the
  /// working set. Add what was planned by [#planned].
  public static PlanView status(Cluster cluster) {
    List<NodeView> nodes = new ArrayList<>();
    for (Node n : cluster.nodes) {
      String kind = n.isGuest() ? "guest" : n.isRemote() ? "remote" : "cluster";
      nodes.add(
          new NodeView(
              n.name, kind, n.online, n.unclean, n.pending, n.standby, n.maintenance, n.isDc));
    }
    return new PlanView(nodes, resources(cluster), List.of(), List.of(), List.of());
  }

  /// With what was planned.
  ///
  /// @param cluster after the plan
  /// @param executed in order
  public PlanView planned(Cluster cluster, List<Action> executed) {
    List<FencingView> fenced = new ArrayList<>();
    List<ActionView> done = new ArrayList<>();
    for (Action a : executed) {
      String node = a.node == null ? null : a.node.name;
      String resource = a.resource == null ? null : a.resource.id;
      boolean pseudo = a.is(Action.Flag.PSEUDO);
      done.add(new ActionView(a.id, a.key, a.task, resource, node, pseudo, a.reason));
      if (a.task.equals("stonith") && node != null) {
        fenced.add(
            new FencingView(node, a.meta.getOrDefault("stonith_action", "reboot"), a.reason));
      }
    }
    List<ChangeView> changed = new ArrayList<>();
    for (ResourceChange c : SummaryText.changes(cluster)) {
      changed.add(
          new ChangeView(
              c.word(), c.resource().id, name(c.from()), name(c.to()), c.blocked(), c.reason()));
    }
    List<ResourceView> next = new ArrayList<>();
    for (ResourceView r : resources) {
      Resource resource = cluster.resource(r.id);
      next.add(resource == null ? r : withNext(r, resource));
    }
    return new PlanView(nodes, next, fenced, changed, done);
  }

  private static ResourceView withNext(ResourceView r, Resource resource) {
    return new ResourceView(
        r.id,
        r.agent,
        r.role,
        r.nodes,
        r.managed,
        r.failed,
        resource.nextRole.text(),
        name(resource.assignedTo));
  }

  private static List<ResourceView> resources(Cluster cluster) {
    List<ResourceView> views = new ArrayList<>();
    for (Resource top : cluster.resources) {
      for (Resource part : top.flattened()) {
        boolean gone = part.is(Resource.Flag.REMOVED) && !Running.active(part, true);
        if (part instanceof Resource.Primitive p && !gone) {
          views.add(
              new ResourceView(
                  p.id,
                  p.agent(),
                  p.role.text(),
                  p.runningOn.stream().map(n -> n.name).toList(),
                  p.is(Resource.Flag.MANAGED),
                  p.is(Resource.Flag.FAILED),
                  p.role.text(),
                  null));
        }
      }
    }
    return views;
  }

  private static @Nullable String name(@Nullable Node node) {
    return node == null ? null : node.name;
  }
}
