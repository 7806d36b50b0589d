package io.trivet.scheduler.unpack;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Cluster.Flag;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.rules.Booleans;
import org.jspecify.annotations.Nullable;

/// Whether a cluster node is online, from its `node_state`: member of the membership layer
/// (`in_ccm`), its controller in the process group (`crmd`), joined (`join`), and expected to be
/// (`expected`). The first two are yes or no, or the time since when.
final class NodeStates {
  private final Cluster cluster;
  private final Element state;
  private final Node node;
  private final long member;
  private final long online;

  private NodeStates(Cluster cluster, Element state, Node node) {
    this.cluster = cluster;
    this.state = state;
    this.node = node;
    member = member(state.get("in_ccm"));
    online = online(state.get("crmd"));
  }

  static void apply(Cluster cluster, Element state, Node node) {
    NodeAttributes.add(cluster, node, state.child("transient_attributes"), true);
    NodeAttributes.apply(cluster, node);
    node.state = state;
    // It was seen at least once since the cluster started.
    node.unclean = false;
    node.unseen = false;
    node.shutdown = NodeAttributes.shutdownRequested(node);
    node.expectedUp = !node.shutdown && "member".equalsIgnoreCase(state.get("expected"));
    NodeStates states = new NodeStates(cluster, state, node);
    node.online = cluster.is(Flag.FENCING_ENABLED) ? states.withFencing() : states.withoutFencing();
    if (!node.online || node.shutdown) {
      node.score = -Scores.INFINITY;
    }
    if (!cluster.is(Flag.HAVE_QUORUM)
        && node.online
        && cluster.noQuorum == Cluster.NoQuorum.FENCE) {
      states.fence("cluster does not have quorum", false);
    }
  }

  /// -1 where nobody says.
  private long member(@Nullable String text) {
    if (text == null) {
      return -1;
    }
    return Booleans.parse(text, false) ? cluster.now : time(text);
  }

  private static long online(@Nullable String text) {
    return "online".equalsIgnoreCase(text) ? 1 : time(text);
  }

  private static long time(@Nullable String text) {
    String t = text == null ? "" : text.strip();
    return t.matches("\\d{1,18}") ? Long.parseLong(t) : 0;
  }

  private void fence(String reason, boolean priorityDelay) {
    Actions.fenceNode(cluster, node, reason, priorityDelay);
  }

  private boolean joined(String... states) {
    for (String s : states) {
      if (s.equals(state.get("join"))) {
        return true;
      }
    }
    return false;
  }

  private boolean withoutFencing() {
    if (member <= 0) {
      return false;
    }
    if (online > 0) {
      return joined("member");
    }
    if (node.expectedUp) {
      fence("peer is unexpectedly down", false);
    }
    return false;
  }

  private boolean withFencing() {
    if (node.shutdown) {
      // A dead peer cannot be shut down.
      return online > 0;
    }
    if (member < 0) {
      fence("peer has not been seen by the cluster", false);
      return false;
    }
    if (joined("nack")) {
      fence("peer failed Pacemaker membership criteria", false);
    } else if (terminationRequested()) {
      if (member <= 0 && online <= 0 && joined("down")) {
        return false;
      }
      fence("fencing was requested", false);
    } else if ("down".equals(state.get("expected", "down"))) {
      coming();
    } else if (member <= 0) {
      fence("peer is no longer part of the cluster", true);
    } else if (online <= 0) {
      fence("peer process is no longer available", false);
    } else if (joined("pending", "down")) {
      pend();
    } else if (!joined("member")) {
      fence("peer was in an unknown state", false);
    }
    return member > 0;
  }

  /// A node that was down: it may be on its way, but not for ever (`node-pending-timeout`).
  private void coming() {
    boolean waiting = cluster.nodePendingTimeoutMillis > 0 && member > 0 && online <= 0;
    if (waiting && cluster.now >= member + cluster.nodePendingTimeoutMillis / 1000) {
      fence("peer pending timed out on joining the process group", false);
    } else if (member > 0 || online > 0) {
      pend();
    }
  }

  private void pend() {
    node.standby = true;
    node.pending = true;
  }

  /// Node attribute `terminate`: yes or no, or since when.
  private boolean terminationRequested() {
    String value = node.attributes.get("terminate");
    if (value == null) {
      return false;
    }
    return Booleans.parse(value, false) || time(value) > 0;
  }
}
