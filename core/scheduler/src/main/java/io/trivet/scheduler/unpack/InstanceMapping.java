package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Which resource a history is about. Instances of an anonymous clone are recorded without a
/// number, and get one here: the one that is active on that node, or the first that is nowhere.
final class InstanceMapping {
  private final Cluster cluster;
  private final ResourcesUnpack resources;
  private final CloneUnpack clones;

  InstanceMapping(Cluster cluster, ResourcesUnpack resources) {
    this.cluster = cluster;
    this.resources = resources;
    clones = new CloneUnpack(cluster, resources);
  }

  /// Null for a resource that is not configured.
  @Nullable Resource find(Node node, String id) {
    Resource resource = cluster.resource(id);
    if (resource == null) {
      Resource first = cluster.resource(Instances.base(id) + ":0");
      resource = first != null && !first.is(Flag.GLOBALLY_UNIQUE) ? first : null;
    }
    if (!(resource instanceof Resource.Primitive)) {
      return null;
    }
    Resource top = resource.topInBundle();
    if (top instanceof Resource.Clone clone && !clone.is(Flag.GLOBALLY_UNIQUE)) {
      resource =
          clone.parent instanceof Resource.Bundle bundle
              ? replica(bundle, node)
              : instance(node, clone, Instances.base(id));
    }
    if (resource != null && !id.equals(resource.id)) {
      resource.historyId = id;
      resource.historyName = id;
    }
    return resource;
  }

  private static @Nullable Resource replica(Resource.Bundle bundle, Node node) {
    for (Resource.Bundle.Replica replica : bundle.replicas) {
      if (replica.node == node) {
        return replica.child;
      }
    }
    return null;
  }

  private @Nullable Resource instance(Node node, Resource.Clone clone, String id) {
    Resource found = null;
    Resource inactive = null;
    boolean skipInactive = false;
    for (Resource instance : clone.instances) {
      if (found != null) {
        break;
      }
      SequencedSet<Node> where = new LinkedHashSet<>();
      whereabouts(instance, where);
      if (where.contains(node)) {
        found = within(instance, id);
        if (found != null && !found.runningOn.isEmpty()) {
          // It was recorded under several numbers: those after the first are removed ones.
          skipInactive = true;
          found = null;
        }
      } else if (where.isEmpty()
          && !skipInactive
          && inactive == null
          && !instance.is(Flag.BLOCKED)) {
        inactive = within(instance, id);
        if (inactive != null && inactive.pendingNode != null && inactive.pendingNode != node) {
          inactive = null;
        }
      }
    }
    if (found == null && !skipInactive) {
      found = inactive;
    }
    if (found != null && mayNotCount(found, node, clone)) {
      found = null;
    }
    if (found == null) {
      Resource removed = clones.instance(clone);
      found = removed == null ? null : within(removed, id);
    }
    return found;
  }

  /// Nodes where it, or something in it, is active or about to be.
  private static void whereabouts(Resource resource, SequencedSet<Node> where) {
    if (resource.children().isEmpty()) {
      where.addAll(resource.runningOn);
      if (resource.pendingNode != null) {
        where.add(resource.pendingNode);
      }
    } else {
      resource.children().forEach(c -> whereabouts(c, where));
    }
  }

  /// The instance, or the member of it, that was made from the resource of that id.
  private static @Nullable Resource within(Resource instance, String id) {
    if (instance instanceof Resource.Primitive) {
      return instance.xml.id().equals(id) ? instance : null;
    }
    for (Resource member : instance.children()) {
      if (member.xml.id().equals(id)) {
        return member;
      }
    }
    return null;
  }

  /// Where no fencing is needed, and there is no instance for each node, an instance on a lost node
  /// must not use up a number that is needed elsewhere.
  private boolean mayNotCount(Resource found, Node node, Resource.Clone clone) {
    return !found.is(Flag.NEEDS_FENCING)
        && (!node.online || node.unclean)
        && !node.isGuest()
        && clone.max != cluster.nodes.size();
  }

  /// A resource that the history knows and the configuration does not: it is made from what the
  /// history says, and stopped if removed resources are.
  @Nullable Resource removed(Element history) {
    Element xml = new Element("primitive", history.line());
    history.attributes().forEach(xml::set);
    Resource resource = resources.unpack(xml, null, -1);
    if (resource == null) {
      return null;
    }
    if (NodesUnpack.isConnection(xml)) {
      Node node = cluster.node(resource.id);
      if (node == null) {
        node = NodesUnpack.create(cluster, resource.id, resource.id, Node.Kind.REMOTE, 0);
      }
      resources.link(resource);
      node.shutdown = true;
    }
    if (history.get("container") != null) {
      resource.set(Flag.REMOVED_FILLER, true);
    }
    resource.set(Flag.REMOVED, true);
    cluster.resources.add(resource);
    if (cluster.is(Cluster.Flag.STOP_REMOVED_RESOURCES)) {
      AllowedNodes.addEverywhere(cluster, resource, -io.trivet.scheduler.model.Scores.INFINITY);
    } else {
      resource.set(Flag.MANAGED, false);
    }
    return resource;
  }
}
