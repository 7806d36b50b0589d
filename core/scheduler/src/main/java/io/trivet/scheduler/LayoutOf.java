package io.trivet.scheduler;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Constraint;
import io.trivet.cluster.expand.Resource;
import io.trivet.cluster.expand.Score;
import java.util.ArrayList;
import java.util.List;

/// Reads a [Configuration] as a [Layout].
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
    for (Resource outermost : configuration.resources()) {
      if (vipIds.contains(outermost.id())) {
        vips.add(new Layout.Vip(outermost.id(), members(outermost), beside(outermost)));
        continue;
      }
      for (Resource.Primitive primitive : outermost.primitives()) {
        boolean everywhere = outermost instanceof Resource.Clone;
        boolean leased = configuration.leased().contains(primitive);
        services.add(new Layout.Service(primitive.id(), everywhere, members(outermost), leased));
      }
    }
    return new Layout(
        configuration.nodes().stream().map(Configuration.Node::name).toList(), services, vips);
  }

  private List<String> beside(Resource vip) {
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
    return beside;
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
}
