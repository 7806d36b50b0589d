package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.rules.Booleans;
import io.trivet.scheduler.rules.NvPairs;
import io.trivet.scheduler.rules.RuleContext;
import org.jspecify.annotations.Nullable;

/// Attributes of a node: those that the cluster knows by itself (`#uname`, `#kind`, …), permanent
/// ones, transient ones; and its capacity.
final class NodeAttributes {
  private NodeAttributes() {}

  /// @param owner the `node`, or its `transient_attributes`
  /// @param overwrite true if what stands there wins over what is known
  static void add(Cluster cluster, Node node, @Nullable Element owner, boolean overwrite) {
    node.attributes.put("#uname", node.name);
    node.attributes.put("#id", node.id);
    if (cluster.dc == null && node.id.equalsIgnoreCase(cluster.cib.get("dc-uuid", ""))) {
      cluster.dc = node;
      node.isDc = true;
      node.attributes.put("#is_dc", "true");
    } else if (cluster.dc != node) {
      node.attributes.put("#is_dc", "false");
    }
    String clusterName = cluster.options.get("cluster-name");
    if (clusterName != null) {
      node.attributes.put("#cluster-name", clusterName);
    }
    if (owner != null) {
      fromSets(cluster, node, owner, overwrite);
    }
    if (!node.attributes.containsKey("#site-name")) {
      String site = node.attributes.getOrDefault("site-name", clusterName);
      if (site != null) {
        node.attributes.put("#site-name", site);
      }
    }
  }

  private static void fromSets(Cluster cluster, Node node, Element owner, boolean overwrite) {
    RuleContext context = RuleContext.at(cluster.now).withNode(node.attributes);
    NvPairs.unpack(owner, "instance_attributes", context, cluster.cib)
        .forEach(
            (name, value) -> {
              if (overwrite) {
                node.attributes.put(name, value);
              } else {
                node.attributes.putIfAbsent(name, value);
              }
            });
    NvPairs.unpack(owner, "utilization", context, cluster.cib)
        .forEach((name, value) -> node.capacity.putIfAbsent(name, Utilizations.number(value)));
  }

  static boolean isTrue(Node node, String attribute) {
    return Booleans.parse(node.attributes.get(attribute), false);
  }

  /// True if the node asked to be shut down; the attribute holds when.
  static boolean shutdownRequested(Node node) {
    String shutdown = node.attributes.get("shutdown");
    return shutdown != null && !shutdown.equals("0");
  }

  /// Standby, maintenance and `resource-discovery-enabled`, from the attributes.
  static void apply(Cluster cluster, Node node) {
    if (isTrue(node, "standby")) {
      node.standby = true;
    }
    if (isTrue(node, "maintenance")) {
      node.maintenance = true;
    }
    // Only guests, and remote nodes that can be fenced, may be left without probes.
    String discovery = node.attributes.get("resource-discovery-enabled");
    if (discovery != null && !Booleans.parse(discovery, false)) {
      boolean fenced = node.isGuest() || cluster.is(Cluster.Flag.FENCING_ENABLED);
      if (node.isRemoteOrGuest() && fenced) {
        node.resourceDiscoveryEnabled = false;
      }
    }
  }
}
