package io.trivet.scheduler;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Constraint;
import io.trivet.cluster.expand.Resource;
import io.trivet.cluster.expand.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Reads a [Configuration] as a [Layout]. What it takes of Pacemaker's terms:
///
/// - mandatory orders of starts. After an interleaved clone, another clone looks at its own node;
///   after any other resource, one started instance anywhere is enough (`clone-min` 1). Groups
///   start their members in order;
/// - mandatory colocations of a VIP with something else;
/// - locations: never, or a score that counts when there is a choice.
///
/// Promotion, optional orders and finite colocations are left to the services' policies.
final class LayoutOf {
  private final Configuration configuration;

  private LayoutOf(Configuration configuration) {
    this.configuration = configuration;
  }

  static Layout configuration(Configuration configuration) {
    return new LayoutOf(configuration).layout();
  }

  private Layout layout() {
    List<String> vipIds = configuration.vips().stream().map(Resource.Primitive::id).toList();
    List<Layout.Service> services = new ArrayList<>();
    List<Layout.Vip> vips = new ArrayList<>();
    for (Resource resource : configuration.resources()) {
      if (vipIds.contains(resource.id())) {
        vips.add(vip(resource));
      } else {
        addServices(resource, services);
      }
    }
    return new Layout(
        configuration.nodes().stream().map(Configuration.Node::name).toList(), services, vips);
  }

  private void addServices(Resource outermost, List<Layout.Service> services) {
    String before = null;
    for (Resource.Primitive primitive : outermost.primitives()) {
      List<Layout.After> after = new ArrayList<>();
      if (before == null) {
        after.addAll(after(outermost));
      } else {
        after.add(new Layout.After(before, true));
      }
      boolean everywhere = outermost instanceof Resource.Clone;
      services.add(
          new Layout.Service(
              primitive.id(), everywhere, members(outermost), after, preferences(outermost)));
      before = primitive.id();
    }
  }

  private List<Layout.After> after(Resource then) {
    List<Layout.After> after = new ArrayList<>();
    for (Constraint.Order order : mandatoryStarts(then)) {
      Resource first = configuration.outermost(order.first());
      if (first != null) {
        boolean sameNode =
            then instanceof Resource.Clone
                && first instanceof Resource.Clone clone
                && clone.interleave();
        after.add(new Layout.After(first.primitives().getLast().id(), sameNode));
      }
    }
    return after;
  }

  private List<Constraint.Order> mandatoryStarts(Resource then) {
    List<Constraint.Order> orders = new ArrayList<>();
    for (Constraint constraint : configuration.constraints()) {
      if (constraint instanceof Constraint.Order o
          && o.then().equals(then.id())
          && o.kind() == Constraint.Kind.MANDATORY
          && o.firstAction() == Constraint.Action.START
          && o.thenAction() == Constraint.Action.START) {
        orders.add(o);
      }
    }
    return orders;
  }

  private Layout.Vip vip(Resource vip) {
    List<String> beside = new ArrayList<>();
    for (Constraint constraint : configuration.constraints()) {
      if (constraint instanceof Constraint.Colocation c
          && c.resource().equals(vip.id())
          && c.score().equals(Score.INFINITY)) {
        Resource with = configuration.outermost(c.with());
        if (with != null) {
          with.primitives().forEach(p -> beside.add(p.id()));
        }
      }
    }
    List<String> after =
        after(vip).stream().map(Layout.After::first).filter(f -> !beside.contains(f)).toList();
    return new Layout.Vip(vip.id(), members(vip), beside, after, preferences(vip));
  }

  private List<String> members(Resource resource) {
    List<String> members = new ArrayList<>();
    for (Configuration.Node node : configuration.nodes()) {
      boolean never =
          configuration.constraints().stream()
              .anyMatch(
                  c ->
                      c instanceof Constraint.Location l
                          && l.resource().equals(resource.id())
                          && l.node().equals(node.name())
                          && l.score().equals(Score.NEVER));
      if (!never && !node.witness()) {
        members.add(node.name());
      }
    }
    return members;
  }

  private NavigableMap<String, Integer> preferences(Resource resource) {
    NavigableMap<String, Integer> preferences = new TreeMap<>();
    for (Constraint constraint : configuration.constraints()) {
      if (constraint instanceof Constraint.Location l && l.resource().equals(resource.id())) {
        preferences.merge(l.node(), l.score().value(), Integer::sum);
      }
    }
    return preferences;
  }
}
