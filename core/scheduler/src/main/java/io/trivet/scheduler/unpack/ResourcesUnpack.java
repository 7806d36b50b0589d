package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.rules.NvPairs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Resources: primitives, groups, clones and bundles, with their options ("Pacemaker Explained",
/// Cluster Resources).
final class ResourcesUnpack {
  private final Cluster cluster;

  ResourcesUnpack(Cluster cluster) {
    this.cluster = cluster;
  }

  /// @param implicit connection resources of guest nodes, which follow the configured ones
  void unpack(List<Element> implicit) {
    List<Element> all = new ArrayList<>();
    Element section = cluster.configuration("resources");
    if (section != null) {
      for (Element template : section.children("template")) {
        cluster.templates.putIfAbsent(template.id(), template);
        Templates.users(cluster, template.id());
      }
      all.addAll(section.children());
    }
    all.addAll(implicit);
    for (Element xml : all) {
      if (!xml.is("template")) {
        Resource resource = unpack(xml, null, -1);
        if (resource == null) {
          cluster.warnings.add(
              "resource " + xml.id() + " is ignored: its configuration is invalid");
        } else {
          cluster.resources.add(resource);
        }
      }
    }
    for (Resource resource : cluster.resources) {
      contain(resource);
      link(resource);
    }
    cluster.resources.sort(Comparator.comparingInt(r -> -r.priority));
  }

  /// Unpacks a resource and all in it, and registers them.
  ///
  /// @param instance its number within a clone, or -1
  /// @return null if it is invalid
  @Nullable Resource unpack(Element configured, @Nullable Resource parent, int instance) {
    if (configured.id().isEmpty()) {
      return null;
    }
    Element xml = Templates.expand(cluster, configured);
    if (xml == null) {
      return null;
    }
    String id = instance < 0 ? xml.id() : xml.id() + ":" + instance;
    Resource resource = create(id, xml);
    if (resource == null) {
      return null;
    }
    resource.originalXml = configured;
    resource.parent = parent;
    resource.operations = operations(xml);
    if (instance >= 0) {
      resource.meta.put("clone", Integer.toString(instance));
    }
    MetaAttributes.unpack(cluster, resource);
    ResourceOptions.apply(cluster, resource);
    cluster.register(resource);
    if (!members(resource, instance)) {
      forget(resource);
      return null;
    }
    boolean guest = resource.is(Flag.REMOTE_CONNECTION) && resource.meta("container") != null;
    if (cluster.is(Cluster.Flag.SYMMETRIC) || guest) {
      AllowedNodes.allowEverywhere(cluster, resource);
    }
    NvPairs.unpack(xml, "utilization", MetaAttributes.context(cluster, resource), cluster.cib)
        .forEach((name, value) -> resource.utilization.put(name, Utilizations.number(value)));
    Templates.use(cluster, configured);
    return resource;
  }

  private void forget(Resource resource) {
    resource.flattened().forEach(r -> cluster.resourcesById.remove(r.id));
  }

  private @Nullable Element operations(Element xml) {
    Element operations = xml.child("operations");
    return operations == null
        ? null
        : io.trivet.scheduler.cib.IdRefs.resolve(operations, cluster.cib);
  }

  private static @Nullable Resource create(String id, Element xml) {
    return switch (xml.name()) {
      case "primitive" ->
          new Resource.Primitive(
              id, xml, xml.get("class", ""), xml.get("provider"), xml.get("type", ""));
      case "group" -> new Resource.Group(id, xml);
      case "clone" -> new Resource.Clone(id, xml);
      case "bundle" -> new Resource.Bundle(id, xml);
      default -> null;
    };
  }

  private boolean members(Resource resource, int instance) {
    return switch (resource) {
      case Resource.Primitive primitive -> supported(primitive);
      case Resource.Group group -> group(group, instance);
      case Resource.Clone clone -> new CloneUnpack(cluster, this).unpack(clone);
      case Resource.Bundle bundle -> new BundleUnpack(cluster, this).unpack(bundle);
    };
  }

  /// Only OCF agents know promotion, and only they and fence agents unique instances: others make
  /// their clone an anonymous one.
  private boolean supported(Resource.Primitive primitive) {
    if (primitive.standard.equals("ocf")
        || !(primitive.topInBundle() instanceof Resource.Clone top)) {
      return true;
    }
    if (top.promotable) {
      return false;
    }
    if (primitive.is(Flag.GLOBALLY_UNIQUE) && !primitive.standard.equals("stonith")) {
      top.nodeMax = 1;
      top.max = Math.min(top.max, cluster.nodes.size());
      top.flattened().forEach(ResourcesUnpack::anonymous);
      for (Resource r = primitive; r != null && r != top; r = r.parent) {
        // What is being unpacked is not among its parent's children yet.
        r.flattened().forEach(ResourcesUnpack::anonymous);
      }
    }
    return true;
  }

  private static void anonymous(Resource resource) {
    resource.set(Flag.GLOBALLY_UNIQUE, false);
    resource.meta.put("globally-unique", "false");
  }

  private boolean group(Resource.Group group, int instance) {
    group.ordered = ResourceOptions.yes(group, "ordered", true);
    group.colocated = ResourceOptions.yes(group, "collocated", true);
    for (Element member : group.xml.children("primitive")) {
      Resource unpacked = unpack(member, group, instance);
      if (unpacked != null) {
        group.members.add(unpacked);
      }
    }
    return !group.members.isEmpty();
  }

  /// Notes what the resource is the filler of (meta-attribute `container`).
  private void contain(Resource resource) {
    if (!resource.children().isEmpty()) {
      resource.children().forEach(this::contain);
      return;
    }
    String id = resource.meta("container");
    if (id == null || id.equals(resource.id)) {
      return;
    }
    Resource container = cluster.resource(id);
    if (container == null) {
      cluster.warnings.add("resource " + resource.id + " has an unknown container " + id);
      return;
    }
    resource.container = container;
    container.fillers.add(resource);
  }

  /// Ties a connection resource to its node.
  void link(Resource resource) {
    if (!resource.is(Flag.REMOTE_CONNECTION)) {
      return;
    }
    Node node = cluster.node(resource.id);
    if (node == null) {
      return;
    }
    resource.remoteNodeName = node.name;
    node.remoteResource = resource;
    if (resource.container == null) {
      NodesUnpack.startupFencing(cluster, node);
    } else {
      makeGuest(node);
    }
  }

  static void makeGuest(Node node) {
    node.kind = Node.Kind.GUEST;
    node.attributes.put("#kind", "container");
  }
}
