package io.trivet.services;

import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.expand.Agent;
import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Resource.Primitive;
import io.trivet.cluster.file.Broker;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.Controller;
import io.trivet.cluster.file.Database;
import io.trivet.cluster.file.Frontend;
import io.trivet.cluster.file.Vip;
import io.trivet.scheduler.ServicePolicy;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.galera.GaleraAgent;
import io.trivet.services.galera.GaleraPolicy;
import io.trivet.services.galera.GaleraSettings;
import io.trivet.services.haproxy.HaproxyAgent;
import io.trivet.services.haproxy.HaproxySettings;
import io.trivet.services.haproxy.HaproxySettings.Bind;
import io.trivet.services.haproxy.HaproxySettings.Front;
import io.trivet.services.haproxy.HaproxySettings.Kind;
import io.trivet.services.haproxy.HaproxySettings.Server;
import io.trivet.services.rabbitmq.RabbitAgent;
import io.trivet.services.rabbitmq.RabbitPolicy;
import io.trivet.services.rabbitmq.RabbitSettings;
import io.trivet.services.unit.FencedUnitAgent;
import io.trivet.services.unit.Health;
import io.trivet.services.unit.UnitAgent;
import io.trivet.services.unit.UnitPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which agent and which policy each resource of a cluster has. VIPs have neither here: leases
/// decide about them.
public final class ServiceCatalog {
  private final ClusterFile file;
  private final Configuration configuration;

  /// @param file the cluster file
  /// @param configuration its expansion
  public ServiceCatalog(ClusterFile file, Configuration configuration) {
    this.file = file;
    this.configuration = configuration;
  }

  /// The agents that run on one controller, one for each resource that may run there; none on a
  /// witness or a stranger.
  public List<ResourceAgent<?>> agents(String node) {
    Controller self = file.controller(node);
    List<ResourceAgent<?>> agents = new ArrayList<>();
    if (self == null || self.witness()) {
      return agents;
    }
    for (Primitive primitive : configuration.primitives()) {
      ResourceAgent<?> agent = agent(primitive, self);
      if (agent != null) {
        agents.add(agent);
      }
    }
    return agents;
  }

  /// The policies of all resources that have one of their own, by resource.
  public NavigableMap<String, ServicePolicy> policies() {
    TreeMap<String, ServicePolicy> policies = new TreeMap<>();
    for (Primitive primitive : configuration.primitives()) {
      String type = primitive.agent().toString();
      if (type.equals("trivet:galera")) {
        policies.put(primitive.id(), new GaleraPolicy());
      } else if (type.equals("trivet:rabbitmq")) {
        policies.put(primitive.id(), new RabbitPolicy());
      } else if (!type.equals("trivet:vip")) {
        policies.put(primitive.id(), new UnitPolicy());
      }
    }
    return policies;
  }

  private @Nullable ResourceAgent<?> agent(Primitive primitive, Controller self) {
    Agent agent = primitive.agent();
    String address = self.address().toString();
    if (configuration.leased().contains(primitive)) {
      return new FencedUnitAgent(primitive.id(), agent.type() + ".service", new Health.None());
    }
    if (agent.standard().equals("systemd")) {
      return new UnitAgent(primitive.id(), agent.type() + ".service", new Health.None());
    }
    return switch (agent.type()) {
      case "vip" -> null;
      case "galera" -> new GaleraAgent(primitive.id(), galera(primitive));
      case "rabbitmq" -> new RabbitAgent(primitive.id(), rabbitmq(primitive));
      case "haproxy" -> new HaproxyAgent(haproxy(primitive), GaleraPolicy.WRITER);
      case "memcached" ->
          new UnitAgent(
              primitive.id(), unit(primitive), new Health.Memcached(address, port(primitive)));
      case "openstack" ->
          new UnitAgent(
              primitive.id(),
              unit(primitive),
              new Health.Http(address, port(primitive), parameter(primitive, "check")));
      default -> throw new IllegalArgumentException("no agent " + agent + " is built in");
    };
  }

  private static String unit(Primitive primitive) {
    return parameter(primitive, "unit") + ".service";
  }

  private static int port(Primitive primitive) {
    return Integer.parseInt(parameter(primitive, "port"));
  }

  private static String parameter(Primitive primitive, String name) {
    String value = primitive.parameters().get(name);
    if (value == null) {
      throw new IllegalArgumentException(primitive.id() + " has no parameter " + name);
    }
    return value;
  }

  private GaleraSettings galera(Primitive primitive) {
    List<GaleraSettings.Member> members = new ArrayList<>();
    for (Controller worker : file.workers()) {
      members.add(new GaleraSettings.Member(worker.name(), worker.address().toString()));
    }
    Database database = file.database();
    NavigableMap<String, String> options =
        new TreeMap<>(database == null ? new TreeMap<>() : database.options());
    Broker broker = file.broker();
    List<Integer> brokerPorts = broker == null ? List.of() : RabbitSettings.ports(broker.port());
    return new GaleraSettings(file.name(), members, port(primitive), options, brokerPorts);
  }

  private RabbitSettings rabbitmq(Primitive primitive) {
    List<RabbitSettings.Member> members = new ArrayList<>();
    for (Controller worker : file.workers()) {
      members.add(new RabbitSettings.Member(worker.name(), worker.address().toString()));
    }
    return new RabbitSettings(file.name(), members, port(primitive));
  }

  private HaproxySettings haproxy(Primitive primitive) {
    String namespace = primitive.parameters().get("namespace");
    Map<String, Front> fronts = new LinkedHashMap<>();
    List<HaproxySettings.Vip> vips = new ArrayList<>();
    for (Vip vip : file.vips()) {
      if (!Objects.equals(vip.namespace(), namespace)) {
        continue;
      }
      List<String> addresses = vip.addresses().stream().map(a -> a.address().toString()).toList();
      vips.add(new HaproxySettings.Vip(vip.name(), addresses));
      for (Frontend frontend : file.frontends(vip.name())) {
        fronts.merge(frontend.name(), front(frontend, vip), ServiceCatalog::onBoth);
      }
    }
    List<Server> servers = new ArrayList<>();
    for (Controller worker : file.workers()) {
      servers.add(new Server(worker.name(), worker.address().toString()));
    }
    List<Front> inOrder = List.copyOf(fronts.values());
    return new HaproxySettings(primitive.id(), file.name(), inOrder, servers, vips, namespace);
  }

  private static Front front(Frontend frontend, Vip vip) {
    List<Bind> binds = new ArrayList<>();
    for (IpPrefix address : vip.addresses()) {
      binds.add(new Bind(address.address().toString(), frontend.port()));
    }
    Kind kind =
        switch (frontend.kind()) {
          case DATABASE -> Kind.DATABASE;
          case HTTP -> Kind.HTTP;
        };
    return new Front(frontend.name(), kind, frontend.port(), frontend.checkPath(), binds);
  }

  private static Front onBoth(Front one, Front other) {
    List<Bind> binds = new ArrayList<>(one.binds());
    binds.addAll(other.binds());
    return new Front(one.name(), one.kind(), one.port(), one.checkPath(), binds);
  }
}
