package io.trivet.scheduler.simulate;

import io.trivet.scheduler.actions.Digests;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The status section of a CIB that results of actions are written to, as the cluster would have
/// recorded them.
final class History {
  /// Stands for the program that asked for the operation; 36 characters as a UUID.
  private static final String REQUESTER = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

  private static final String FEATURE_SET = "3.20.0";

  private final Element status;
  private final Cluster cluster;
  private final long now;

  /// The resources of each `lrm_resources`.
  private final SequencedMap<Element, SequencedMap<String, Element>> byId = new LinkedHashMap<>();

  /// @param cib is changed
  /// @param cluster what the actions are of
  History(Element cib, Cluster cluster) {
    Element found = cib.child("status");
    this.status = found == null ? cib.add(new Element("status")) : found;
    this.cluster = cluster;
    this.now = Math.max(cluster.now, newest(status));
  }

  /// What is executed now is later than all that was recorded, also where an old time counts as
  /// now.
  private static long newest(Element element) {
    long newest = 0;
    if (element.is("lrm_rsc_op")) {
      newest = number(element.get("last-rc-change"));
    }
    for (Element child : element.children()) {
      newest = Math.max(newest, newest(child));
    }
    return newest;
  }

  /// The agent's exit code that the action is expected to give.
  static int wantedResult(Action action) {
    String wanted = action.meta.get("op_target_rc");
    return wanted == null ? 0 : Integer.parseInt(wanted);
  }

  /// An operation on a node.
  ///
  /// @param id the action's number, 0 for an operation that was not planned
  /// @param meta the action's meta-attributes
  record Operation(
      Node node,
      Resource.Primitive resource,
      String task,
      long intervalMillis,
      int id,
      SequencedMap<String, String> meta) {

    Operation(Node node, Resource.Primitive resource, String task, long intervalMillis) {
      this(node, resource, task, intervalMillis, 0, new LinkedHashMap<>());
    }

    static Operation of(Action action) {
      Node node = action.node;
      if (node == null || !(action.resource instanceof Resource.Primitive primitive)) {
        throw new IllegalArgumentException(action.key + " is executed nowhere");
      }
      return new Operation(
          node, primitive, action.task, action.intervalMillis, action.id, action.meta);
    }
  }

  /// Records the result of an operation.
  ///
  /// @param name the name that it was executed by
  /// @param configured the id that a new entry gets
  void add(Operation action, String name, String configured, int wanted, int result) {
    Node node = action.node;
    Element resource = resource(state(node), node, action.resource, name, configured);
    long call = 1;
    for (Element op : resource.children("lrm_rsc_op")) {
      call = Math.max(call, number(op.get("call-id")) + 1);
    }
    String task = recordedTask(action.task);
    String id = resource.id();
    String key = id + "_" + task + "_" + action.intervalMillis;
    // The transition -1 comes after all others.
    String magic = action.id + ":-1:" + wanted + ":" + REQUESTER;
    Element op =
        new Element("lrm_rsc_op")
            .set("operation_key", key)
            .set("operation", task)
            .set("crm_feature_set", FEATURE_SET)
            .set("transition-key", magic)
            .set("transition-magic", "0:" + result + ";" + magic)
            .set("on_node", node.name)
            .set("call-id", Long.toString(call))
            .set("rc-code", Integer.toString(result))
            .set("op-status", "0")
            .set("interval", Long.toString(action.intervalMillis))
            .set("last-rc-change", Long.toString(now))
            .set("op-digest", digest(action, task));
    if (task.startsWith("migrate_")) {
      op.set("migrate_source", action.meta.get("migrate_source"));
      op.set("migrate_target", action.meta.get("migrate_target"));
    }
    if (result != wanted) {
      put(resource, op.copy(), id + "_last_failure_0");
      if (action.intervalMillis != 0) {
        return;
      }
    }
    boolean keepsKey =
        action.intervalMillis != 0 || task.startsWith("migrate_") || task.equals("notify");
    put(resource, op, keepsKey && result == wanted ? key : id + "_last_0");
  }

  /// The parameters that it was executed with, so that the next plan finds them unchanged.
  private String digest(Operation action, String task) {
    return Digests.recorded(cluster, action.resource, task, action.intervalMillis, action.node);
  }

  /// A reload counts as a start.
  private static String recordedTask(String task) {
    return task.equals("reload") || task.equals("reload-agent") ? "start" : task;
  }

  private static void put(Element resource, Element op, String id) {
    Element old = resource.child("lrm_rsc_op", id);
    if (old != null) {
      resource.remove(old);
    }
    op.set("id", id);
    resource.add(op);
  }

  /// The node is off: out of the cluster, and nothing is known of what ran there.
  void fenced(Node node) {
    Element state = state(node);
    state.set("in_ccm", "false").set("crmd", "offline");
    state.set("join", "down").set("expected", "down");
    state.removeAll("lrm");
    state.removeAll("transient_attributes");
  }

  /// A transient attribute of a node.
  void attribute(Node node, String name, @Nullable String value) {
    Element state = state(node);
    Element set =
        child(
            child(state, "transient_attributes", node.id),
            "instance_attributes",
            "status-" + node.id);
    for (Element pair : set.children("nvpair")) {
      if (name.equals(pair.get("name"))) {
        set.remove(pair);
      }
    }
    if (value != null) {
      set.add(
          new Element("nvpair")
              .set("id", "status-" + node.id + "-" + name)
              .set("name", name)
              .set("value", value));
    }
  }

  /// One more failure of the operation on the node.
  void countFailure(Node node, String resource, String task, long intervalMillis, int result) {
    boolean unexpected = result != 0 && (result != 7 || intervalMillis != 0);
    if (!unexpected) {
      return;
    }
    String which = resource + "#" + task + "_" + intervalMillis;
    String count = node.attributes.get("fail-count-" + which);
    long before = "INFINITY".equals(count) ? 999_999 : number(count);
    attribute(node, "fail-count-" + which, Long.toString(before + 1));
    attribute(node, "last-failure-" + which, Long.toString(now));
  }

  /// The state of the node, made if there is none.
  Element state(Node node) {
    for (Element state : status.children("node_state")) {
      if (node.name.equals(state.get("uname"))
          || (state.get("uname") == null && node.id.equals(state.id()))) {
        return state;
      }
    }
    return status.add(new Element("node_state").set("id", node.id).set("uname", node.name));
  }

  private Element resource(
      Element state, Node node, Resource.Primitive primitive, String name, String configured) {
    Element all = child(child(state, "lrm", node.id), "lrm_resources", null);
    SequencedMap<String, Element> known = byId.computeIfAbsent(all, History::byId);
    Element found = known.get(name);
    if (found == null) {
      found = known.get(configured);
    }
    if (found != null) {
      return found;
    }
    Element added =
        all.add(
            new Element("lrm_resource")
                .set("id", configured)
                .set("class", primitive.standard)
                .set("provider", primitive.provider)
                .set("type", primitive.type));
    known.put(configured, added);
    return added;
  }

  private static SequencedMap<String, Element> byId(Element all) {
    SequencedMap<String, Element> known = new LinkedHashMap<>();
    for (Element resource : all.children("lrm_resource")) {
      known.putIfAbsent(resource.id(), resource);
    }
    return known;
  }

  private static Element child(Element parent, String name, @Nullable String id) {
    Element found = parent.child(name);
    return found != null ? found : parent.add(new Element(name).set("id", id));
  }

  private static long number(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
