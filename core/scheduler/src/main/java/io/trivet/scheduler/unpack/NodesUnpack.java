package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Scores;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Nodes: those of the configuration, and the remote and guest nodes that resources make
/// ("Pacemaker Remote").
final class NodesUnpack {
  private final Cluster cluster;
  private final List<Element> implicit = new ArrayList<>();

  NodesUnpack(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Connection resources of guest nodes, which stand in no configuration.
  List<Element> implicitConnections() {
    return implicit;
  }

  void unpack() {
    Element nodes = cluster.configuration("nodes");
    if (nodes != null) {
      nodes.children("node").forEach(this::configured);
    }
    Element resources = cluster.configuration("resources");
    if (resources != null) {
      resources.children().forEach(r -> connections(r, resources));
    }
  }

  private void configured(Element entry) {
    if (entry.id().isEmpty()) {
      cluster.warnings.add("a node of line " + entry.line() + " has no id");
      return;
    }
    String name = entry.get("uname", entry.id());
    if (cluster.node(name) != null) {
      cluster.warnings.add("more than one node entry has the name " + name);
    }
    Node.Kind kind = "remote".equals(entry.get("type")) ? Node.Kind.REMOTE : Node.Kind.CLUSTER;
    Node node = create(cluster, entry.id(), name, kind, Scores.parse(entry.get("score"), 0));
    startupFencing(cluster, node);
    NodeAttributes.add(cluster, node, entry, false);
  }

  static Node create(Cluster cluster, String id, String name, Node.Kind kind, int score) {
    Node node = cluster.addNode(id, name, kind);
    node.score = score;
    node.attributes.put("#kind", kind == Node.Kind.CLUSTER ? "cluster" : "remote");
    if (kind != Node.Kind.CLUSTER) {
      cluster.set(Cluster.Flag.HAVE_REMOTE_NODES, true);
    }
    return node;
  }

  /// A node that nobody has seen yet may run anything (`startup-fencing`). Entries of remote nodes
  /// whose connection was taken out of the configuration are left alone.
  static void startupFencing(Cluster cluster, Node node) {
    if (node.isRemoteOrGuest() && node.remoteResource == null) {
      return;
    }
    node.unclean = cluster.is(Cluster.Flag.STARTUP_FENCING);
  }

  private void connections(Element resource, Element resources) {
    if (isConnection(resource)) {
      remoteNode(resource.id());
    } else if (resource.is("primitive")) {
      remoteNode(guest(resource, resources));
    } else if (resource.is("group")) {
      resource.children().forEach(member -> remoteNode(guest(member, resources)));
    }
  }

  private void remoteNode(@Nullable String name) {
    if (name != null && !name.isEmpty() && cluster.node(name) == null) {
      create(cluster, name, name, Node.Kind.REMOTE, 0);
    }
  }

  /// The name of the guest node that the resource is (meta-attribute `remote-node`), or null; its
  /// connection is noted.
  private @Nullable String guest(Element resource, Element resources) {
    ConnectionXml connection = new ConnectionXml();
    String name = null;
    for (Element set : resource.children("meta_attributes")) {
      for (Element pair : set.children()) {
        String value = pair.get("value");
        switch (pair.get("name", "")) {
          case "remote-node" -> name = value;
          case "remote-addr" -> connection.address = value;
          case "remote-port" -> connection.port = value;
          case "remote-connect-timeout" -> connection.connectTimeout = value;
          case "remote-allow-migrate" -> connection.allowMigrate = value;
          case "is-managed" -> connection.managed = value;
          default -> {}
        }
      }
    }
    if (name == null || contains(resources, name)) {
      return null;
    }
    if (connection.connectTimeout == null) {
      connection.connectTimeout = "60s";
    }
    implicit.add(connection.build(name, resource.id()));
    return name;
  }

  private static boolean contains(Element resources, String id) {
    return resources.children().stream().anyMatch(r -> r.id().equals(id));
  }

  /// True for `ocf:pacemaker:remote`.
  static boolean isConnection(Element resource) {
    return resource.is("primitive")
        && "ocf".equals(resource.get("class"))
        && "pacemaker".equals(resource.get("provider"))
        && "remote".equals(resource.get("type"));
  }
}
