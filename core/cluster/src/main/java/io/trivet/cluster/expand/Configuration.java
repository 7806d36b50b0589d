package io.trivet.cluster.expand;

import io.trivet.cluster.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What the scheduler plans with: the cluster file in Pacemaker's terms. Every element says why it
/// is there.
///
/// @param cluster the name of the cluster
/// @param nodes the controllers, in the order of the cluster file
/// @param properties settings of the whole cluster, by Pacemaker's names
/// @param resources what runs; the order means nothing
/// @param constraints the rules between them
public record Configuration(
    String cluster,
    List<Node> nodes,
    List<Property> properties,
    List<Resource> resources,
    List<Constraint> constraints) {

  /// The name of what a primitive's `meta` says about its fence.
  public static final String FENCED_BY = "fenced-by";

  /// A controller.
  ///
  /// @param name its name
  /// @param address where the others reach it
  /// @param witness true when it votes and runs nothing
  public record Node(String name, IpAddress address, boolean witness) {}

  /// A setting of the whole cluster.
  ///
  /// @param name Pacemaker's name of it
  /// @param value its value
  /// @param reason why it is so
  public record Property(String name, String value, String reason) {}

  /// @throws IllegalArgumentException if two elements have one id, or a constraint speaks of a
  ///   resource or controller that is not there
  public Configuration {
    nodes = List.copyOf(nodes);
    properties = List.copyOf(properties);
    resources = List.copyOf(resources);
    constraints = List.copyOf(constraints);
    SequencedSet<String> ids = new LinkedHashSet<>();
    for (Resource resource : resources) {
      claim(ids, resource);
    }
    SequencedSet<String> names = new LinkedHashSet<>(nodes.stream().map(Node::name).toList());
    SequencedSet<String> constraintIds = new LinkedHashSet<>();
    for (Constraint constraint : constraints) {
      require(constraintIds.add(constraint.id()), "two constraints have the id " + constraint.id());
      switch (constraint) {
        case Constraint.Order o ->
            require(
                ids.contains(o.first()) && ids.contains(o.then()),
                o.id() + " orders an unknown resource");
        case Constraint.Colocation c ->
            require(
                ids.contains(c.resource()) && ids.contains(c.with()),
                c.id() + " places an unknown resource");
        case Constraint.Location l ->
            require(
                ids.contains(l.resource()) && names.contains(l.node()),
                l.id() + " places something unknown");
      }
    }
  }

  private static void claim(SequencedSet<String> ids, Resource resource) {
    require(ids.add(resource.id()), "two resources have the id " + resource.id());
    switch (resource) {
      case Resource.Primitive p -> {}
      case Resource.Group g -> g.members().forEach(m -> claim(ids, m));
      case Resource.Clone c -> claim(ids, c.of());
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException("Not a configuration: " + otherwise + ".");
    }
  }

  /// Everything that an agent runs, clones and groups opened, in order.
  public List<Resource.Primitive> primitives() {
    List<Resource.Primitive> all = new ArrayList<>();
    resources.forEach(r -> all.addAll(r.primitives()));
    return List.copyOf(all);
  }

  /// The primitive of that id, or null.
  public Resource.@Nullable Primitive primitive(String id) {
    return primitives().stream().filter(p -> p.id().equals(id)).findFirst().orElse(null);
  }

  /// The outermost resource that is, or contains, the resource of that id; null where there is
  /// none. Constraints speak of this one.
  public @Nullable Resource outermost(String id) {
    return resources.stream().filter(r -> isOrContains(r, id)).findFirst().orElse(null);
  }

  private static boolean isOrContains(Resource resource, String id) {
    return resource.id().equals(id)
        || switch (resource) {
          case Resource.Primitive p -> false;
          case Resource.Group g -> g.members().stream().anyMatch(m -> m.id().equals(id));
          case Resource.Clone c -> isOrContains(c.of(), id);
        };
  }

  /// The primitives that are VIPs: those of the agent `trivet:vip`.
  public List<Resource.Primitive> vips() {
    return primitives().stream().filter(p -> p.agent().equals(Agent.trivet("vip"))).toList();
  }

  /// The primitives that run once, and are silent where their lease ([io.trivet.cluster.UnitLease])
  /// is not held.
  public List<Resource.Primitive> leased() {
    return primitives().stream().filter(p -> p.meta().containsKey(FENCED_BY)).toList();
  }
}
