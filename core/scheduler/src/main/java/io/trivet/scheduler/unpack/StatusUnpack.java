package io.trivet.scheduler.unpack;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Cluster.Flag;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Ticket;
import io.trivet.scheduler.rules.Booleans;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The status section: tickets, states of nodes, then what the history of each node says. The
/// history of a remote node means something only once that of its connection is known.
final class StatusUnpack {
  private final Cluster cluster;
  private final HistoryUnpack history;
  private final RemoteNodes remotes;

  private StatusUnpack(Cluster cluster, ResourcesUnpack resources) {
    this.cluster = cluster;
    history = new HistoryUnpack(cluster, resources);
    remotes = new RemoteNodes(cluster);
  }

  static void unpack(Cluster cluster, ResourcesUnpack resources) {
    Element status = cluster.cib.child("status");
    new StatusUnpack(cluster, resources).unpack(status == null ? new Element("status") : status);
  }

  private void unpack(Element status) {
    for (Element child : status.children()) {
      if (child.is("tickets")) {
        child.children("ticket_state").forEach(this::ticket);
      } else if (child.is("node_state")) {
        state(child);
      }
    }
    List<Element> states = status.children("node_state");
    while (histories(states, false)) {
      // Others may depend on what was learned.
    }
    if (cluster.is(Flag.FENCING_ENABLED)) {
      histories(states, true);
    }
    for (Resource container : cluster.stopNeeded) {
      if (!container.runningOn.isEmpty()) {
        Actions.of(cluster, container, "stop", container.runningOn.getFirst(), false);
      }
    }
    cluster.stopNeeded.clear();
    cluster.nodes.forEach(remotes::finish);
  }

  private void ticket(Element state) {
    if (state.id().isEmpty()) {
      return;
    }
    Ticket ticket = cluster.tickets.computeIfAbsent(state.id(), Ticket::new);
    state
        .attributes()
        .forEach(
            (name, value) -> {
              if (!name.equals("id")) {
                ticket.state.put(name, value);
              }
            });
    ticket.granted = Booleans.parse(ticket.state.get("granted"), false);
    ticket.standby = Booleans.parse(ticket.state.get("standby"), false);
    String last = ticket.state.getOrDefault("last-granted", "");
    if (last.matches("\\d{1,18}")) {
      ticket.lastGranted = Long.parseLong(last);
    }
  }

  private void state(Element state) {
    Node node = node(state);
    if (node == null) {
      return;
    }
    if (node.isRemoteOrGuest()) {
      // The rest has to wait for the history of its connection.
      node.remoteWasFenced = HistoryEntry.number(state.get("node_fenced"), 0) != 0;
    } else {
      NodeStates.apply(cluster, state, node);
    }
  }

  private @Nullable Node node(Element state) {
    if (state.id().isEmpty()) {
      return null;
    }
    Node node = cluster.nodeById(state.id());
    if (node == null) {
      node = cluster.node(state.get("uname"));
    }
    if (node == null) {
      cluster.warnings.add("the state of an unknown node " + state.id() + " is ignored");
    }
    return node;
  }

  /// One round over the nodes whose history was not read yet.
  ///
  /// @param all true if the others are read, too, whatever state they are in
  /// @return true if a history was read
  private boolean histories(List<Element> states, boolean all) {
    boolean progress = false;
    for (Element state : states) {
      Node node = state.get("uname") == null ? null : node(state);
      if (node == null || node.unpacked || !(all || readable(node))) {
        continue;
      }
      if (node.isRemoteOrGuest()) {
        remotes.determineOnline(node);
        remotes.attributes(node, state);
      }
      node.unpacked = true;
      history.unpack(node, state);
      progress = true;
    }
    return progress;
  }

  private boolean readable(Node node) {
    Resource connection = node.remoteResource;
    if (node.isGuest() && connection != null && connection.container != null) {
      return connection.role == Role.STARTED && connection.container.role == Role.STARTED;
    }
    if (node.isRemoteOrGuest()) {
      return connection != null
          && (cluster.is(Flag.SHUTDOWN_LOCK) || connection.role == Role.STARTED);
    }
    // Online nodes come first, so that their instances of clones get the first numbers.
    return cluster.is(Flag.FENCING_ENABLED) || cluster.is(Flag.SHUTDOWN_LOCK) || node.online;
  }
}
