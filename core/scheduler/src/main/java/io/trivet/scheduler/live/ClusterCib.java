package io.trivet.scheduler.live;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Constraint;
import io.trivet.cluster.expand.Resource;
import io.trivet.cluster.expand.Role;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.NodeState;
import io.trivet.cluster.state.OperatorWish;
import io.trivet.cluster.state.RunState;
import io.trivet.scheduler.LeaderView;
import io.trivet.scheduler.actions.Digests;
import io.trivet.scheduler.cib.Element;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// The running cluster as a CIB: the expansion of the cluster file is its configuration, the agreed
/// state its status. What is written here is what `trivet simulate --save` saves, so that a
/// decision can be looked at anywhere, also with Pacemaker's own tools.
///
/// - A controller that is gone is offline. What may run once only, was started there and did not
///   report its stop is banned everywhere else: only power could prove that it is down, and Trivet
///   has no switch for it.
/// - A VIP runs where its lease is held, or was granted last: the kernel of a controller that is
///   gone has ended it there.
/// - A unit that the network fences is banned like that only until its lease is held elsewhere, and
///   counts as running only where its lease is: everywhere else the kernel keeps it silent.
/// - A failed resource is down: its agent, or a new order, starts it again.
/// - An operator's wish is a location with the score INFINITY, as `pcs resource move` makes one.
public final class ClusterCib {
  /// Beats the stickiness of a VIP, and loses against an operator's wish.
  private static final int UP_THERE = 10_000;

  private static final String UUID = ":00000000-0000-0000-0000-000000000000";

  private final Configuration configuration;
  private final ClusterState state;
  private final LeaderView view;

  private ClusterCib(Configuration configuration, ClusterState state, LeaderView view) {
    this.configuration = configuration;
    this.state = state;
    this.view = view;
  }

  /// The CIB of that state, as the leader (or the member that was asked) sees it.
  public static Element of(Configuration configuration, ClusterState state, LeaderView view) {
    return new ClusterCib(configuration, state, view).cib();
  }

  private Element cib() {
    Element cib =
        new Element("cib")
            .set("validate-with", "pacemaker-4.0")
            .set("crm_feature_set", "3.20.0")
            .set("admin_epoch", "0")
            .set("epoch", Long.toString(state.clusterFileEpoch()))
            .set("num_updates", Long.toString(state.index()))
            .set("have-quorum", view.quorum() ? "1" : "0")
            .set("dc-uuid", view.leader())
            .set("execution-date", Long.toString(view.nowMillis() / 1000));
    Element sections = cib.add(new Element("configuration"));
    Element options =
        sections
            .add(new Element("crm_config"))
            .add(new Element("cluster_property_set").set("id", "cluster-file"));
    option(options, "cluster-name", configuration.cluster());
    option(options, "cluster-infrastructure", "trivet");
    for (Configuration.Property property : configuration.properties()) {
      option(options, property.name().replace("stonith-", "fencing-"), property.value());
    }
    Element nodes = sections.add(new Element("nodes"));
    configuration.nodes().forEach(n -> nodes.add(node(n.name())));
    Element resources = sections.add(new Element("resources"));
    configuration.resources().forEach(r -> resources.add(resource(r)));
    Element constraints = sections.add(new Element("constraints"));
    configuration.constraints().forEach(c -> constraints.add(constraint(c)));
    wishes(constraints);
    healthyPlaces(constraints);
    configuration.vips().forEach(vip -> constraints.add(offTheLeader(vip)));
    configuration.primitives().forEach(p -> claimBans(p, constraints));
    configuration.leased().forEach(p -> whereItsLeaseIs(p, constraints));
    Element status = cib.add(new Element("status"));
    configuration.nodes().forEach(n -> status.add(nodeState(n.name())));
    return cib;
  }

  private static void option(Element set, String name, String value) {
    set.add(nvpair(set.id(), name, value));
  }

  private static Element nvpair(String owner, String name, String value) {
    return new Element("nvpair")
        .set("id", owner + "-" + name)
        .set("name", name)
        .set("value", value);
  }

  private static Element pairs(String kind, String id, SortedMap<String, String> values) {
    Element set = new Element(kind).set("id", id);
    values.forEach((name, value) -> set.add(nvpair(id, name, value)));
    return set;
  }

  private Element node(String name) {
    Element node = new Element("node").set("id", name).set("uname", name);
    if (state.node(name).standby()) {
      Element set = node.add(new Element("instance_attributes").set("id", name + "-attributes"));
      set.add(nvpair(set.id(), "standby", "on"));
    }
    return node;
  }

  private static Element resource(Resource resource) {
    return switch (resource) {
      case Resource.Primitive p -> primitive(p);
      case Resource.Group g -> {
        Element group = new Element("group").set("id", g.id());
        g.members().forEach(m -> group.add(primitive(m)));
        yield group;
      }
      case Resource.Clone c -> clone(c);
    };
  }

  private static Element clone(Resource.Clone clone) {
    Element element = new Element("clone").set("id", clone.id());
    Element meta = element.add(new Element("meta_attributes").set("id", clone.id() + "-meta"));
    meta.add(nvpair(meta.id(), "clone-max", Integer.toString(clone.max())));
    meta.add(nvpair(meta.id(), "clone-node-max", "1"));
    if (clone.min() > 0) {
      meta.add(nvpair(meta.id(), "clone-min", Integer.toString(clone.min())));
    }
    if (clone.interleave()) {
      meta.add(nvpair(meta.id(), "interleave", "true"));
    }
    if (clone.promotable()) {
      meta.add(nvpair(meta.id(), "promotable", "true"));
    }
    element.add(resource(clone.of()));
    return element;
  }

  private static Element primitive(Resource.Primitive primitive) {
    Element element = new Element("primitive").set("id", primitive.id());
    if (primitive.agent().standard().equals("trivet")) {
      element.set("class", "ocf").set("provider", "trivet");
    } else {
      element.set("class", primitive.agent().standard());
    }
    element.set("type", primitive.agent().type());
    if (!primitive.meta().isEmpty()) {
      element.add(pairs("meta_attributes", primitive.id() + "-meta", primitive.meta()));
    }
    if (!primitive.parameters().isEmpty()) {
      element.add(
          pairs("instance_attributes", primitive.id() + "-parameters", primitive.parameters()));
    }
    return element;
  }

  private static Element constraint(Constraint constraint) {
    return switch (constraint) {
      case Constraint.Order o ->
          new Element("rsc_order")
              .set("id", o.id())
              .set("first", o.first())
              .set("first-action", o.firstAction().name().toLowerCase(Locale.ROOT))
              .set("then", o.then())
              .set("then-action", o.thenAction().name().toLowerCase(Locale.ROOT))
              .set("kind", kind(o.kind()))
              .set("symmetrical", Boolean.toString(o.symmetrical()));
      case Constraint.Colocation c ->
          new Element("rsc_colocation")
              .set("id", c.id())
              .set("rsc", c.resource())
              .set("rsc-role", role(c.role()))
              .set("with-rsc", c.with())
              .set("with-rsc-role", role(c.withRole()))
              .set("score", c.score().toString());
      case Constraint.Location l ->
          location(l.id(), l.resource(), l.node(), l.score().toString())
              .set("role", role(l.role()));
    };
  }

  private static String kind(Constraint.Kind kind) {
    return switch (kind) {
      case MANDATORY -> "Mandatory";
      case OPTIONAL -> "Optional";
      case SERIALIZE -> "Serialize";
    };
  }

  private static String role(Role role) {
    return switch (role) {
      case STARTED -> "Started";
      case PROMOTED -> "Promoted";
      case UNPROMOTED -> "Unpromoted";
      case STOPPED -> "Stopped";
    };
  }

  private static Element location(String id, String resource, String node, String score) {
    return new Element("rsc_location")
        .set("id", id)
        .set("rsc", resource)
        .set("node", node)
        .set("score", score);
  }

  private void wishes(Element constraints) {
    for (Map.Entry<String, OperatorWish> wish : state.preferences().entrySet()) {
      Resource outermost = configuration.outermost(wish.getKey());
      boolean may = outermost != null && !(outermost instanceof Resource.Clone);
      if (outermost != null && may && allUpBeside(outermost, wish.getValue().node())) {
        constraints.add(
            location("wish-" + wish.getKey(), outermost.id(), wish.getValue().node(), "INFINITY"));
      }
    }
  }

  /// A wish counts once it can come true without a pause: what the resource must be beside is up.
  private boolean allUpBeside(Resource resource, String node) {
    return configuration.constraints().stream()
        .filter(c -> c instanceof Constraint.Colocation)
        .map(Constraint.Colocation.class::cast)
        .filter(c -> c.resource().equals(resource.id()) && c.score().value() > 0)
        .map(c -> configuration.outermost(c.with()))
        .allMatch(with -> with == null || allUp(with, node));
  }

  private boolean allUp(Resource resource, String node) {
    return resource.primitives().stream()
        .allMatch(p -> state.runState(p.id(), node) == RunState.STARTED);
  }

  /// Where what a resource is colocated with is up already, the resource need not wait for it.
  private void healthyPlaces(Element constraints) {
    for (Constraint constraint : configuration.constraints()) {
      if (!(constraint instanceof Constraint.Colocation c) || c.score().value() <= 0) {
        continue;
      }
      Resource with = configuration.outermost(c.with());
      if (with == null) {
        continue;
      }
      for (Configuration.Node node : configuration.nodes()) {
        if (allUp(with, node.name())) {
          constraints.add(
              location(
                  c.id() + "-up-on-" + node.name(),
                  c.resource(),
                  node.name(),
                  Integer.toString(UP_THERE)));
        }
      }
    }
  }

  /// With all else equal a VIP is better off where the leader is not: when that one loses its
  /// power, the VIP needs no election to be written down to its heir.
  private Element offTheLeader(Resource.Primitive vip) {
    return location(vip.id() + "-off-the-leader", vip.id(), view.leader(), "-1");
  }

  private Element nodeState(String name) {
    NodeState node = state.node(name);
    Element element =
        new Element("node_state")
            .set("id", name)
            .set("uname", name)
            .set("in_ccm", Boolean.toString(node.present()))
            .set("crmd", node.present() ? "online" : "offline")
            .set("join", node.present() ? "member" : "down")
            .set("expected", node.present() ? "member" : "down");
    Element history = new Element("lrm_resources");
    for (Resource.Primitive primitive : configuration.primitives()) {
      Element entry = history(primitive, name, node.present());
      if (entry != null) {
        history.add(entry);
      }
    }
    element.add(new Element("lrm").set("id", name)).add(history);
    return element;
  }

  private void claimBans(Resource.Primitive primitive, Element constraints) {
    for (Configuration.Node holder : configuration.nodes()) {
      boolean mayRun = !state.node(holder.name()).present() && claims(primitive, holder.name());
      for (Configuration.Node other :
          mayRun ? configuration.nodes() : List.<Configuration.Node>of()) {
        if (!other.equals(holder)) {
          constraints.add(
              location(
                  primitive.id() + "-may-run-on-" + holder.name() + "-not-on-" + other.name(),
                  primitive.id(),
                  other.name(),
                  "-INFINITY"));
        }
      }
    }
  }

  /// What is silent without its lease claims nothing where another controller has the lease: the
  /// kernel has fenced it there. Before, or where no report proves that its kernel guards it, the
  /// claim stands.
  private boolean claims(Resource.Primitive primitive, String node) {
    if (!runsOnce(primitive) || !Claims.claims(state, primitive.id(), node)) {
      return false;
    }
    String lease = UnitLease.of(primitive.id());
    boolean guarded = leased(primitive) && state.report(lease, node) != null;
    LeaderView.Held held = view.holders().get(lease);
    return !guarded || held == null || held.node().equals(node);
  }

  private boolean leased(Resource.Primitive primitive) {
    return configuration.leased().contains(primitive);
  }

  /// A unit is best off where its lease is.
  private void whereItsLeaseIs(Resource.Primitive unit, Element constraints) {
    String place = leasePlace(UnitLease.of(unit.id()));
    if (place != null) {
      constraints.add(
          location(unit.id() + "-lease-on-" + place, unit.id(), place, Integer.toString(UP_THERE)));
    }
  }

  private boolean runsOnce(Resource.Primitive primitive) {
    return !(configuration.outermost(primitive.id()) instanceof Resource.Clone)
        && !configuration.vips().contains(primitive);
  }

  /// What the history says of a resource on a node; null where nothing is known.
  private @Nullable Element history(Resource.Primitive primitive, String node, boolean present) {
    Element entry =
        new Element("lrm_resource")
            .set("id", primitive.id())
            .set("class", primitive.agent().standard().equals("trivet") ? "ocf" : "systemd")
            .set("type", primitive.agent().type());
    if (primitive.agent().standard().equals("trivet")) {
      entry.set("provider", "trivet");
    }
    // What the agents run is what the cluster file says: a change of it is theirs to carry out.
    String digest = Digests.digest(primitive.parameters());
    if (configuration.vips().contains(primitive)) {
      boolean here = node.equals(leasePlace(primitive.id()));
      return present || here
          ? run(entry, digest, here ? RunState.STARTED : RunState.STOPPED)
          : null;
    }
    RunState seen = state.runState(primitive.id(), node);
    if (leased(primitive) && !node.equals(leasePlace(UnitLease.of(primitive.id())))) {
      // Silent there, and about to be stopped: nothing that counts as running.
      return present && seen != RunState.UNKNOWN ? run(entry, digest, RunState.STOPPED) : null;
    }
    if (present && claims(primitive, node)) {
      return claimed(entry, digest, seen);
    }
    return present && seen != RunState.UNKNOWN ? run(entry, digest, seen) : null;
  }

  /// Where a VIP, or the lease of a unit, is or is about to be: where its lease is held under the
  /// present assignment; else where it is assigned; else where an older lease is held; else where
  /// its first heir bids for it.
  private @Nullable String leasePlace(String vip) {
    LeaderView.Held held = view.holders().get(vip);
    VipAssignment assignment = state.vips().get(vip);
    if (assignment == null) {
      return held == null ? null : held.node();
    }
    if (held != null && held.epoch() == assignment.epoch()) {
      return held.node();
    }
    String holder = assignment.holder();
    if (holder != null && state.node(holder).present()) {
      return holder;
    }
    if (held != null || holder == null) {
      return held == null ? null : held.node();
    }
    return assignment.heirs().stream()
        .filter(h -> state.node(h).eligible())
        .findFirst()
        .orElse(null);
  }

  /// A claimed resource counts as running until its stop was reported.
  private static Element claimed(Element entry, String digest, RunState seen) {
    switch (seen) {
      case STARTING, STOPPING -> run(entry, digest, seen);
      case STARTED, UNKNOWN -> run(entry, digest, RunState.STARTED);
      case STOPPED, FAILED -> {
        run(entry, digest, RunState.STARTED);
        operation(entry, digest, "monitor", 10_000, 3, 1);
      }
    }
    return entry;
  }

  private static Element run(Element entry, String digest, RunState run) {
    switch (run) {
      // A failed instance of a clone is down: its agent is at it, or a new order will start it.
      case STOPPED, FAILED, UNKNOWN -> operation(entry, digest, "monitor", 0, 1, 7);
      case STARTING -> {
        operation(entry, digest, "monitor", 0, 1, 7);
        pending(entry, digest, "start");
      }
      case STARTED -> operation(entry, digest, "start", 0, 2, 0);
      case STOPPING -> {
        operation(entry, digest, "start", 0, 2, 0);
        pending(entry, digest, "stop");
      }
    }
    return entry;
  }

  private static void operation(
      Element entry, String digest, String task, int interval, int call, int code) {
    boolean probe = task.equals("monitor") && interval == 0;
    String key = entry.id() + "_" + task + "_" + interval;
    entry.add(
        new Element("lrm_rsc_op")
            .set("id", key)
            .set("operation_key", key)
            .set("operation", task)
            .set("transition-key", call + ":0:" + (probe ? 7 : 0) + UUID)
            .set("transition-magic", "0:" + code + ";" + call + ":0:" + (probe ? 7 : 0) + UUID)
            .set("call-id", Integer.toString(call))
            .set("rc-code", Integer.toString(code))
            .set("op-status", "0")
            .set("op-digest", digest)
            .set("interval", Integer.toString(interval)));
  }

  private static void pending(Element entry, String digest, String task) {
    String key = entry.id() + "_" + task + "_0";
    entry.add(
        new Element("lrm_rsc_op")
            .set("id", key)
            .set("operation_key", key)
            .set("operation", task)
            .set("transition-key", "3:0:0" + UUID)
            .set("transition-magic", "-1:193;3:0:0" + UUID)
            .set("call-id", "-1")
            .set("rc-code", "193")
            .set("op-status", "-1")
            .set("op-digest", digest)
            .set("interval", "0"));
  }
}
