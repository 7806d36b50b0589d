package io.trivet.cluster.expand;

import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.file.Api;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.Controller;
import io.trivet.cluster.file.Mode;
import io.trivet.cluster.file.PlainUnit;
import io.trivet.cluster.file.Vip;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns the cluster file into a [Configuration]: everything that Trivet will do because of the
/// file, and why, so that nothing is magic.
///
/// Resources are named after what they are: `galera`, `rabbitmq`, `memcached`, `haproxy` (one for
/// each namespace with VIPs: the first VIP's is `haproxy`, further ones `haproxy-NAMESPACE`), a
/// VIP, an API or a unit by its name in the file, a worker by its unit. A clone adds `-clone`.
public final class Expansion {
  private static final String CLONE = "-clone";

  /// Beats every difference in load; loses against an unhealthy neighbour and an operator's wish.
  private static final String STICKINESS = "1000";

  private final ClusterFile file;
  private final int instances;
  private final List<Resource> resources = new ArrayList<>();
  private final List<Constraint> constraints = new ArrayList<>();

  private Expansion(ClusterFile file) {
    this.file = file;
    this.instances = file.workers().size();
  }

  /// The configuration that the file means.
  public static Configuration of(ClusterFile file) {
    return new Expansion(file).configuration();
  }

  private Configuration configuration() {
    database();
    broker();
    cache();
    Map<String, String> balancers = loadBalancers();
    file.vips().forEach(vip -> vip(vip, balancers.get(namespaceKey(vip.namespace()))));
    file.apis().forEach(this::api);
    file.units().forEach(this::unit);
    witnesses();
    List<Configuration.Node> nodes =
        file.controllers().stream()
            .map(c -> new Configuration.Node(c.name(), c.address(), c.witness()))
            .toList();
    return new Configuration(file.name(), nodes, properties(), resources, constraints);
  }

  private List<Configuration.Property> properties() {
    List<Configuration.Property> properties = new ArrayList<>();
    if (file.mode() == Mode.COORDINATED) {
      properties.add(
          new Configuration.Property(
              "no-quorum-policy",
              "freeze",
              "without a quorum nothing is started or promoted; a VIP goes dark when its lease ends"));
    }
    properties.add(
        new Configuration.Property(
            "stonith-enabled",
            "false",
            "no power switches are named; a VIP needs none, because the kernel ends its lease"));
    return properties;
  }

  private void database() {
    if (file.database() == null) {
      return;
    }
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put("unit", "mariadb");
    parameters.put("port", Integer.toString(file.database().port()));
    parameters.put("vip", file.database().vip());
    file.database().options().forEach((name, value) -> parameters.put("option." + name, value));
    clone(
        "galera",
        Agent.trivet("galera"),
        parameters,
        "database: every controller has a copy, one of them is the writer",
        1);
  }

  private void broker() {
    if (file.broker() == null) {
      return;
    }
    SortedMap<String, String> parameters =
        parameters("unit", "rabbitmq-server", "port", Integer.toString(file.broker().port()));
    clone(
        "rabbitmq",
        Agent.trivet("rabbitmq"),
        parameters,
        "broker: every controller is a member, clients know them all",
        1);
  }

  private void cache() {
    if (file.cache() == null) {
      return;
    }
    SortedMap<String, String> parameters =
        parameters("unit", "memcached", "port", Integer.toString(file.cache().port()));
    clone(
        "memcached",
        Agent.trivet("memcached"),
        parameters,
        "cache: every controller has its own, clients know them all",
        0);
  }

  /// One load balancer for each namespace that has VIPs; gives its resource by namespace.
  private Map<String, String> loadBalancers() {
    Map<String, String> byNamespace = new LinkedHashMap<>();
    if (file.loadBalancer() == null) {
      return byNamespace;
    }
    for (Vip vip : file.vips()) {
      String key = namespaceKey(vip.namespace());
      if (byNamespace.containsKey(key)) {
        continue;
      }
      String id =
          byNamespace.isEmpty()
              ? "haproxy"
              : "haproxy-" + (vip.namespace() == null ? "host" : vip.namespace());
      byNamespace.put(key, id);
      SortedMap<String, String> parameters = parameters("unit", "trivet-" + id);
      if (vip.namespace() != null) {
        parameters.put("namespace", vip.namespace());
      }
      String where =
          vip.namespace() == null ? "in the host" : "in the namespace " + vip.namespace();
      clone(
          id,
          Agent.trivet("haproxy"),
          parameters,
          "load balancer "
              + where
              + ": runs everywhere and keeps checking, so that a VIP finds it ready",
          1);
    }
    return byNamespace;
  }

  /// The host's own namespace has no name, so it gets a key that no namespace can have.
  private static String namespaceKey(@Nullable String namespace) {
    return namespace == null ? "" : namespace;
  }

  private void vip(Vip vip, @Nullable String balancer) {
    SortedMap<String, String> parameters =
        parameters(
            "addresses",
            String.join(" ", vip.addresses().stream().map(IpPrefix::toString).toList()),
            "interface",
            vip.interfaceName());
    if (vip.namespace() != null) {
      parameters.put("namespace", vip.namespace());
    }
    if (!vip.routes().isEmpty()) {
      parameters.put(
          "routes",
          String.join(", ", vip.routes().stream().map(r -> r.to() + " via " + r.via()).toList()));
    }
    List<String> served =
        file.frontends(vip.name()).stream().map(f -> f.name() + " (" + f.port() + ")").toList();
    String serves =
        served.isEmpty() ? "nothing is served on it" : "serves " + String.join(", ", served);
    resources.add(
        new Resource.Primitive(
            vip.name(),
            Agent.trivet("vip"),
            parameters,
            parameters("resource-stickiness", STICKINESS),
            "VIP: " + serves + "; it stays until it has to move"));
    if (balancer != null) {
      together(vip.name(), balancer + CLONE);
    }
  }

  private void together(String vip, String balancer) {
    constraints.add(
        new Constraint.Order(
            vip + "-after-" + balancer,
            balancer,
            Constraint.Action.START,
            vip,
            Constraint.Action.START,
            Constraint.Kind.MANDATORY,
            true,
            "a VIP that nothing answers on helps nobody"));
    constraints.add(
        new Constraint.Colocation(
            vip + "-with-" + balancer,
            vip,
            Role.STARTED,
            balancer,
            Role.STARTED,
            Score.INFINITY,
            "the VIP stays where its load balancer is healthy"));
  }

  private void api(Api api) {
    SortedMap<String, String> parameters =
        parameters(
            "unit", api.unit(), "port", Integer.toString(api.port()), "check", api.checkPath());
    clone(
        api.name(),
        Agent.trivet("openstack"),
        parameters,
        "API: every controller serves it, the load balancer spreads the requests",
        1);
    afterDatabaseAndBroker(api.name());
    for (String worker : api.workers()) {
      clone(
          worker,
          Agent.systemd(worker),
          new TreeMap<>(),
          "worker of " + api.name() + ": it serves no HTTP",
          1);
      afterDatabaseAndBroker(worker);
    }
  }

  private void afterDatabaseAndBroker(String resource) {
    if (file.database() != null) {
      after("galera" + CLONE, resource + CLONE, "it cannot start without a database");
    }
    if (file.broker() != null) {
      after("rabbitmq" + CLONE, resource + CLONE, "it cannot start without a broker");
    }
  }

  /// Waits for the first instance anywhere, and does not stop when the first one stops: it connects
  /// again by itself.
  private void after(String first, String then, String reason) {
    if (file.mode() == Mode.INDEPENDENT) {
      return;
    }
    constraints.add(
        new Constraint.Order(
            then + "-after-" + first,
            first,
            Constraint.Action.START,
            then,
            Constraint.Action.START,
            Constraint.Kind.MANDATORY,
            false,
            reason));
    constraints.add(
        new Constraint.Order(
            then + "-stops-before-" + first,
            then,
            Constraint.Action.STOP,
            first,
            Constraint.Action.STOP,
            Constraint.Kind.OPTIONAL,
            false,
            "where both stop, what needs the other stops first"));
  }

  private void unit(PlainUnit unit) {
    List<Resource.Primitive> members = new ArrayList<>();
    for (String name : unit.units()) {
      String id = unit.units().size() == 1 ? unit.name() : name;
      members.add(
          new Resource.Primitive(
              id, Agent.systemd(name), new TreeMap<>(), meta(unit), reason(unit)));
    }
    Resource.Clonable one =
        members.size() == 1
            ? members.get(0)
            : new Resource.Group(
                unit.name(), members, "units: started in this order on the same controller");
    String id = unit.kind() == PlainUnit.Kind.CLONE ? unit.name() + CLONE : unit.name();
    resources.add(
        unit.kind() == PlainUnit.Kind.CLONE
            ? new Resource.Clone(
                id, one, instances, 1, true, false, "on every controller, as the cluster file says")
            : one);
    unit.after().forEach(word -> after(firstOf(word), id, "the cluster file says after " + word));
  }

  private static SortedMap<String, String> meta(PlainUnit unit) {
    if (unit.kind() == PlainUnit.Kind.CLONE) {
      return new TreeMap<>();
    }
    return unit.fence() == PlainUnit.Fence.NETWORK
        ? parameters(
            "resource-stickiness", STICKINESS, Configuration.FENCED_BY, unit.fence().word())
        : parameters("resource-stickiness", STICKINESS);
  }

  private static String reason(PlainUnit unit) {
    if (unit.kind() == PlainUnit.Kind.CLONE) {
      return "unit: named in the cluster file";
    }
    return switch (unit.fence()) {
      case NONE -> "unit: on one controller; when that is gone, it waits until it is back";
      case NETWORK ->
          "unit: on the controller that holds its lease; the kernel silences it everywhere else";
    };
  }

  /// The outermost resource behind a word of `after`.
  private String firstOf(String word) {
    return switch (word) {
      case "database" -> "galera" + CLONE;
      case "broker" -> "rabbitmq" + CLONE;
      case "cache" -> "memcached" + CLONE;
      case "load-balancer" -> "haproxy" + CLONE;
      default ->
          file.units().stream()
                  .anyMatch(u -> u.name().equals(word) && u.kind() == PlainUnit.Kind.SINGLETON)
              ? word
              : word + CLONE;
    };
  }

  private void witnesses() {
    for (Controller controller : file.controllers()) {
      if (controller.witness()) {
        resources.forEach(
            r ->
                constraints.add(
                    new Constraint.Location(
                        r.id() + "-not-on-" + controller.name(),
                        r.id(),
                        Role.STARTED,
                        controller.name(),
                        Score.NEVER,
                        controller.name() + " is a witness: it only votes")));
      }
    }
  }

  private void clone(
      String id, Agent agent, SortedMap<String, String> parameters, String reason, int min) {
    Resource.Primitive primitive =
        new Resource.Primitive(id, agent, parameters, new TreeMap<>(), reason);
    String on =
        file.controllers().size() == instances
            ? "on every controller"
            : "on every controller that is not a witness";
    // What comes after the database or the broker is content with one member anywhere.
    boolean interleave = !id.equals("galera") && !id.equals("rabbitmq");
    resources.add(new Resource.Clone(id + CLONE, primitive, instances, min, interleave, false, on));
  }

  private static SortedMap<String, String> parameters(String... namesAndValues) {
    SortedMap<String, String> parameters = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return parameters;
  }
}
