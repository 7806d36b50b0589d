package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.NodeScores.Probing;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// Bundles: containers with what runs in them ("Pacemaker Explained", Bundles). Each replica is a
/// container, with an address and with a connection to a guest node of its own where they are
/// wanted; what runs in the containers is a clone, an instance on each of these nodes.
final class BundleUnpack {
  private final Cluster cluster;
  private final ResourcesUnpack resources;

  BundleUnpack(Cluster cluster, ResourcesUnpack resources) {
    this.cluster = cluster;
    this.resources = resources;
  }

  boolean unpack(Bundle bundle) {
    BundleXml xml = BundleXml.read(bundle.xml);
    if (xml == null) {
      return false;
    }
    bundle.technology = xml.technology;
    bundle.image = xml.image;
    bundle.replicasWanted = xml.replicas;
    bundle.perHost = xml.perHost;
    bundle.promotedMax = xml.promotedMax;
    if (bundle.perHost == 1) {
      bundle.set(Flag.GLOBALLY_UNIQUE, false);
    }
    Element primitive = bundle.xml.child("primitive");
    if (primitive == null) {
      for (int i = 0; i < xml.replicas; i++) {
        bundle.replicas.add(new Bundle.Replica(i));
      }
    } else if (!xml.reachable() || !withClone(bundle, xml, primitive)) {
      return false;
    }
    for (Bundle.Replica replica : bundle.replicas) {
      replica.address = xml.nextAddress(replica.offset);
    }
    for (Bundle.Replica replica : bundle.replicas) {
      if (!resources(bundle, xml, replica)) {
        return false;
      }
    }
    return true;
  }

  private boolean withClone(Bundle bundle, BundleXml xml, Element primitive) {
    Resource unpacked = resources.unpack(xml.cloneOf(bundle.id, primitive), bundle, -1);
    if (!(unpacked instanceof Resource.Clone clone)) {
      return false;
    }
    bundle.clone = clone;
    xml.addImplied();
    for (Resource child : clone.instances) {
      Bundle.Replica replica = new Bundle.Replica(bundle.replicas.size());
      replica.child = child;
      child.set(Flag.EXCLUSIVE_DISCOVERY, true);
      if (child.is(Flag.NOTIFY)) {
        clone.set(Flag.NOTIFY, true);
      }
      String target = child.meta("container-attribute-target");
      if (target != null) {
        bundle.meta.put("container-attribute-target", target);
        clone.meta.put("container-attribute-target", target);
      }
      bundle.replicas.add(replica);
    }
    return true;
  }

  private boolean resources(Bundle bundle, BundleXml xml, Bundle.Replica replica) {
    Resource.Primitive container = primitive(xml.container(bundle.id, replica), bundle);
    if (container == null) {
      return false;
    }
    replica.container = container;
    container.set(Flag.REPLICA_CONTAINER, true);
    if (replica.address != null) {
      replica.ip = primitive(xml.ip(bundle.id, replica), bundle);
    }
    Resource child = replica.child;
    if (child != null) {
      if (!connection(bundle, xml, replica, child, container)) {
        return false;
      }
      if (replica.address != null) {
        child.meta.put("external-ip", replica.address);
      }
      // What is used up is used up where the container runs.
      LinkedHashMap<String, Integer> used = new LinkedHashMap<>(child.utilization);
      child.utilization.clear();
      child.utilization.putAll(container.utilization);
      container.utilization.clear();
      container.utilization.putAll(used);
    }
    return true;
  }

  private Resource.@Nullable Primitive primitive(Element xml, Bundle bundle) {
    return resources.unpack(xml, bundle, -1) instanceof Resource.Primitive primitive
        ? primitive
        : null;
  }

  private boolean connection(
      Bundle bundle,
      BundleXml xml,
      Bundle.Replica replica,
      Resource child,
      Resource.Primitive container) {
    String name = bundle.id + "-" + replica.offset;
    if (cluster.resource(name) != null) {
      name = "pcmk-internal-" + child.id + "-remote-" + replica.offset;
    }
    ConnectionXml connection = new ConnectionXml();
    // Without an address of its own, the container is reached at its host's.
    connection.address = replica.address == null ? "#uname" : replica.address;
    connection.port = xml.port();
    Node node = node(name);
    replica.node = node;
    allowOnly(child, node);
    Resource.Primitive remote = primitive(connection.build(name, container.id), bundle);
    if (remote == null) {
      return false;
    }
    replica.remote = remote;
    remote.set(Flag.REMOTE_NESTING_ALLOWED, true);
    for (Candidate candidate : remote.allowed.list()) {
      if (candidate.node.isRemoteOrGuest()) {
        candidate.score = -Scores.INFINITY;
      }
    }
    remote.container = container;
    remote.remoteNodeName = node.name;
    node.remoteResource = remote;
    ResourcesUnpack.makeGuest(node);
    return true;
  }

  /// The replica's node. Nothing else may run there.
  private Node node(String name) {
    Node node = cluster.node(name);
    if (node == null) {
      node = NodesUnpack.create(cluster, name, name, Node.Kind.REMOTE, 0);
    }
    node.score = -Scores.INFINITY;
    node.probing = Probing.NEVER;
    for (Resource top : cluster.resources) {
      disallow(top, node);
    }
    return node;
  }

  private static void disallow(Resource resource, Node node) {
    Candidate candidate = resource.allowed.get(node);
    if (candidate != null) {
      candidate.score = -Scores.INFINITY;
      candidate.probing = Probing.NEVER;
    }
    resource.children().forEach(c -> disallow(c, node));
  }

  private static void allowOnly(Resource child, Node node) {
    child.allowed.clear();
    child.allowed.put(new Candidate(node, 500, Probing.EXCLUSIVE));
    if (child.parent != null) {
      child.parent.allowed.put(new Candidate(node, -Scores.INFINITY, Probing.EXCLUSIVE));
    }
  }
}
