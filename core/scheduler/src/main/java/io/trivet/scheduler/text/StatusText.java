package io.trivet.scheduler.text;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Running;
import io.trivet.scheduler.model.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What is true in the cluster: its nodes, then its resources, as `crm_simulate` prints them.
public final class StatusText {
  private StatusText() {}

  /// Nodes and resources, with their headings.
  public static String of(Cluster cluster) {
    Lines lines = new Lines();
    lines.item(1, "Node List:");
    nodes(cluster, lines);
    lines.line("");
    lines.item(1, "Full List of Resources:");
    resources(cluster, lines);
    return lines.toString();
  }

  /// As [#of], for what comes out of a simulation: there, nothing is under way any more. What the
  /// history still calls pending is forgotten.
  public static String settled(Cluster cluster) {
    cluster.resourcesById.values().forEach(r -> r.pendingTask = null);
    return of(cluster);
  }

  /// How many instances are not to run, and how many are held because of a failure; empty where it
  /// is none.
  public static String counts(Cluster cluster) {
    if (cluster.disabledResources == 0 && cluster.blockedResources == 0) {
      return "";
    }
    return cluster.disabledResources
        + " of "
        + cluster.ninstances
        + " resource instances DISABLED and "
        + cluster.blockedResources
        + " BLOCKED from further action due to failure\n\n";
  }

  private static void nodes(Cluster cluster, Lines lines) {
    List<String> online = new ArrayList<>();
    List<String> offline = new ArrayList<>();
    List<String> remoteOnline = new ArrayList<>();
    List<String> remoteOffline = new ArrayList<>();
    List<String> guestOnline = new ArrayList<>();
    for (Node node : cluster.nodes) {
      String state = state(cluster, node);
      if (!state.isEmpty()) {
        lines.item(2, prefix(node) + " " + node.name + ": " + state);
      } else if (node.online) {
        (node.isGuest() ? guestOnline : node.isRemote() ? remoteOnline : online).add(node.name);
      } else if (node.isRemote()) {
        remoteOffline.add(node.name);
      } else if (!node.isGuest()) {
        offline.add(node.name);
      }
    }
    lines.names(2, "Online", online);
    lines.names(2, "OFFLINE", offline);
    lines.names(2, "RemoteOnline", remoteOnline);
    lines.names(2, "RemoteOFFLINE", remoteOffline);
    lines.names(2, "GuestOnline", guestOnline);
  }

  private static String prefix(Node node) {
    return node.isGuest() ? "GuestNode" : node.isRemote() ? "RemoteNode" : "Node";
  }

  /// What has to be said of the node on a line of its own; empty for one that is just online or
  /// offline.
  private static String state(Cluster cluster, Node node) {
    String state;
    if (node.unclean) {
      state =
          node.online
              ? "UNCLEAN (online)"
              : node.pending ? "UNCLEAN (pending)" : "UNCLEAN (offline)";
    } else if (node.pending) {
      state = "pending";
    } else if (node.standbyOnFail && node.online) {
      state = "standby (on-fail)";
    } else if (node.standby) {
      state =
          !node.online
              ? "OFFLINE (standby)"
              : node.running.isEmpty() ? "standby" : "standby (with active resources)";
    } else if (node.maintenance) {
      state = node.online ? "maintenance" : "OFFLINE (maintenance)";
    } else {
      state = "";
    }
    String health = health(cluster, node);
    if (health.isEmpty()) {
      return state;
    }
    return (state.isEmpty() ? (node.online ? "online" : "OFFLINE") : state) + health;
  }

  /// The worst of its `#health` attributes ("Pacemaker Explained", Tracking Node Health); empty
  /// where all are green or nobody looks at them.
  private static String health(Cluster cluster, Node node) {
    String strategy = cluster.options.get("node-health-strategy");
    if (strategy == null || strategy.equals("none")) {
      return "";
    }
    int worst = 1;
    for (Map.Entry<String, String> attribute : node.attributes.entrySet()) {
      if (attribute.getKey().startsWith("#health")) {
        int colour =
            switch (attribute.getValue()) {
              case "green" -> 1;
              case "yellow" -> 0;
              case "red" -> -1;
              default -> Integer.signum(Scores.parse(attribute.getValue(), 1));
            };
        worst = Math.min(worst, colour);
      }
    }
    return worst < 0 ? " (health is RED)" : worst == 0 ? " (health is YELLOW)" : "";
  }

  private static void resources(Cluster cluster, Lines lines) {
    boolean any = false;
    for (Resource resource : cluster.resources) {
      boolean implied = "true".equals(resource.meta("internal_rsc"));
      if (!implied && (!resource.is(Resource.Flag.REMOVED) || Running.active(resource, true))) {
        ResourceLines.add(cluster, resource, 2, lines);
        any = true;
      }
    }
    if (!any) {
      lines.item(2, "No resources");
    }
  }
}
