package io.trivet.scheduler.simulate;

import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.rules.Durations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes a copy of a CIB so that what is supposed is true in it.
public final class Injections {
  private static final long USUAL_MONITOR_MILLIS = 10_000;

  private final Cluster cluster;
  private final Element cib;
  private final History history;

  private Injections(Cluster cluster) {
    this.cluster = cluster;
    this.cib = cluster.cib.copy();
    this.history = new History(cib, cluster);
  }

  /// A new CIB; the cluster and its CIB stay as they are.
  ///
  /// @param cluster as unpacked
  /// @throws CibException if there is no such node or resource
  public static Element apply(Cluster cluster, List<Injection> injections) {
    Injections into = new Injections(cluster);
    injections.forEach(into::apply);
    return into.cib;
  }

  private void apply(Injection injection) {
    switch (injection) {
      case Injection.NodeUp n -> presence(n.node(), "true", "online", "member", "member");
      case Injection.NodeDown n -> presence(n.node(), "false", "offline", "down", "down");
      case Injection.NodeFailed n -> presence(n.node(), "false", "offline", "down", "member");
      case Injection.Standby s -> standby(node(s.node()), s.on());
      case Injection.ResourceFailed r -> failed(r.resource());
      case Injection.OperationResult o -> result(o.operation());
      case Injection.Ticket t -> ticket(t);
      case Injection.Quorum q -> cib.set("have-quorum", q.present() ? "1" : "0");
    }
  }

  private void presence(String name, String member, String crmd, String join, String expected) {
    history
        .state(node(name))
        .set("in_ccm", member)
        .set("crmd", crmd)
        .set("join", join)
        .set("expected", expected);
  }

  private void standby(Node node, boolean on) {
    Element nodes = child(child(cib, "configuration", null), "nodes", null);
    Element entry = nodes.child("node", node.id);
    if (entry == null) {
      String kind = node.isRemoteOrGuest() ? "remote" : "member";
      entry = nodes.add(new Element("node").set("id", node.id).set("uname", node.name));
      entry.set("type", kind);
    }
    Element set = child(entry, "instance_attributes", "nodes-" + node.id);
    for (Element pair : set.children("nvpair")) {
      if ("standby".equals(pair.get("name"))) {
        set.remove(pair);
      }
    }
    set.add(
        new Element("nvpair")
            .set("id", "nodes-" + node.id + "-standby")
            .set("name", "standby")
            .set("value", on ? "on" : "off"));
    history.attribute(node, "standby", null);
  }

  /// Its monitor found an error on the first node that it runs on; for what consists of others,
  /// that of the first part that runs.
  private void failed(String name) {
    Resource resource = cluster.resource(name);
    if (resource == null) {
      resource = instanceOf(name);
    }
    for (Resource part : resource.flattened()) {
      if (part instanceof Resource.Primitive primitive && !primitive.runningOn.isEmpty()) {
        String node = primitive.runningOn.getFirst().name;
        result(new Failing(primitive.id, "monitor", monitorMillis(primitive), node, 1));
        return;
      }
    }
    throw refused("Resource " + name + " runs nowhere, so that it cannot fail");
  }

  private Resource instanceOf(String name) {
    for (Resource resource : cluster.resourcesById.values()) {
      if (resource.xml.id().equals(name) && !resource.runningOn.isEmpty()) {
        return resource;
      }
    }
    throw refused("No active resource " + name);
  }

  private static long monitorMillis(Resource resource) {
    if (resource.operations != null) {
      for (Element op : resource.operations.children("op")) {
        long interval = Durations.millis(op.get("interval"), 0);
        if ("monitor".equals(op.get("name")) && interval > 0) {
          return interval;
        }
      }
    }
    return USUAL_MONITOR_MILLIS;
  }

  private void result(Failing operation) {
    Resource resource = cluster.resource(operation.resource());
    if (resource == null) {
      resource = instanceOf(operation.resource());
    }
    if (!(resource instanceof Resource.Primitive primitive)) {
      throw refused("Resource " + resource.id + " has no operations of its own");
    }
    Node node = node(operation.node());
    String configured = new ExecutedNames(cluster).configured(primitive);
    history.add(
        new History.Operation(node, primitive, operation.task(), operation.intervalMillis()),
        primitive.historyId,
        configured,
        0,
        operation.result());
    history.countFailure(
        node, configured, operation.task(), operation.intervalMillis(), operation.result());
  }

  private void ticket(Injection.Ticket injection) {
    Element tickets = child(child(cib, "status", null), "tickets", null);
    Element state = tickets.child("ticket_state", injection.ticket());
    if (state == null) {
      state = tickets.add(new Element("ticket_state").set("id", injection.ticket()));
      state.set("granted", "false");
    }
    switch (injection.change()) {
      case GRANT -> state.set("granted", "true").set("last-granted", Long.toString(cluster.now));
      case REVOKE -> state.set("granted", "false");
      case STANDBY -> state.set("standby", "true");
      case ACTIVATE -> state.set("standby", "false");
    }
  }

  private Node node(String name) {
    Node node = cluster.node(name);
    if (node == null) {
      throw refused("No node " + name);
    }
    return node;
  }

  private static CibException refused(String what) {
    return new CibException("", 0, 0, what);
  }

  private static Element child(Element parent, String name, @Nullable String id) {
    Element found = parent.child(name);
    return found != null ? found : parent.add(new Element(name).set("id", id));
  }
}
