package io.trivet.scheduler.unpack;

import io.trivet.scheduler.actions.Resources;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;

/// State of remote and guest nodes: it follows from that of their connections and containers.
final class RemoteNodes {
  private final Cluster cluster;

  RemoteNodes(Cluster cluster) {
    this.cluster = cluster;
  }

  void determineOnline(Node node) {
    Resource connection = node.remoteResource;
    if (connection == null) {
      node.online = false;
      return;
    }
    Resource container = connection.container;
    Node host =
        container != null && container.runningOn.size() == 1
            ? container.runningOn.getFirst()
            : null;
    if (connection.role == Role.STARTED) {
      node.online = true;
      if (connection.nextRole == Role.STOPPED) {
        node.shutdown = true;
      }
    }
    if (container != null && container.is(Resource.Flag.FAILED)) {
      node.online = false;
      node.remoteRequiresReset = true;
    } else if (connection.is(Resource.Flag.FAILED)) {
      node.online = false;
    } else if (connection.role == Role.STOPPED
        || (container != null && container.role == Role.STOPPED)) {
      node.online = false;
      node.remoteRequiresReset = false;
    } else if (host != null && !host.online && host.unclean) {
      node.online = false;
      node.remoteRequiresReset = true;
    }
  }

  void attributes(Node node, Element state) {
    node.state = state;
    node.remoteMaintenance = HistoryEntry.number(state.get("node_in_maintenance"), 0) != 0;
    Resource connection = node.remoteResource;
    if (!node.remoteRequiresReset) {
      node.unclean = false;
      node.unseen = false;
    }
    NodeAttributes.add(cluster, node, state.child("transient_attributes"), true);
    if (NodeAttributes.shutdownRequested(node)) {
      node.shutdown = true;
    }
    NodeAttributes.apply(cluster, node);
    if (connection != null && !connection.is(Resource.Flag.MANAGED)) {
      node.maintenance = true;
    }
  }

  /// What is left to do when all histories are known.
  void finish(Node node) {
    if (!node.isRemoteOrGuest()) {
      return;
    }
    if (node.shutdown && node.remoteResource != null) {
      Resources.nextRole(node.remoteResource, Role.STOPPED, "remote shutdown");
    }
    if (!node.unpacked) {
      determineOnline(node);
    }
  }
}
