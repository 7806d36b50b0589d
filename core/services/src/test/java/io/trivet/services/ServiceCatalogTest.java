package io.trivet.services;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.state.ClusterState;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.OnDisk;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.haproxy.HaproxyAgent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceCatalogTest {
  private static final String THREE_PLACES =
      """
      trivet: 1
      name: lab
      controllers: { c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13 }
      vips:
        public: { address: 10.77.0.100/24, interface: eth0, namespace: vip }
        internal: { address: 10.78.0.100/24, interface: eth1, namespace: inner }
        admin: { address: 10.77.0.101/24, interface: eth0 }
      database: { engine: mariadb, vip: internal }
      load-balancer: haproxy
      apis:
        keystone: { vip: public }
        glance: { vip: internal }
        placement: { vip: admin }
      """;

  /// VIPs in two namespaces and in the host: three HAProxies, each with a unit, files and a socket
  /// of its own, and each listening on nothing but its own VIP.
  @Test
  void eachPlaceOfVipsHasALoadBalancerOfItsOwn() {
    List<String> seen = new ArrayList<>();
    for (ResourceAgent<?> agent : catalog().agents("c1")) {
      if (agent instanceof HaproxyAgent haproxy) {
        seen.add(told(haproxy));
      }
    }
    assertEquals(
        List.of(
            """
            haproxy runs trivet-haproxy.service from /var/lib/trivet/haproxy/haproxy.cfg
            stats socket /run/trivet/haproxy.sock mode 600 level admin expose-fd listeners
            bind 10.77.0.100:5000 transparent
            """,
            """
            haproxy-inner runs trivet-haproxy-inner.service from /var/lib/trivet/haproxy/haproxy-inner.cfg
            stats socket /run/trivet/haproxy-inner.sock mode 600 level admin expose-fd listeners
            bind 10.78.0.100:3306 transparent
            bind 10.78.0.100:9292 transparent
            """,
            """
            haproxy-host runs trivet-haproxy-host.service from /var/lib/trivet/haproxy/haproxy-host.cfg
            stats socket /run/trivet/haproxy-host.sock mode 600 level admin expose-fd listeners
            bind 10.77.0.101:8778 transparent
            """),
        seen);
  }

  /// The lines of its configuration that say where it is reached.
  private static String told(HaproxyAgent agent) {
    AgentContext context = new AgentContext(0, "c1", ClusterState.empty());
    HaproxyAgent.State state = agent.initial(context).state();
    state =
        agent
            .step(state, new AgentEvent.FileRead("config", new OnDisk.Absent<>()), context)
            .state();
    AgentEffect.WriteFile file =
        assertInstanceOf(
            AgentEffect.WriteFile.class,
            agent
                .step(state, new AgentEvent.FileRead("unit", new OnDisk.Absent<>()), context)
                .effects()
                .getFirst());
    StringBuilder told = new StringBuilder(agent.resource());
    told.append(" runs ").append(String.join(" ", agent.units()));
    told.append(" from ").append(file.path().replace(".new", "")).append('\n');
    file.text()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("bind ") || line.startsWith("stats socket "))
        .forEach(line -> told.append(line).append('\n'));
    return told.toString();
  }

  private static ServiceCatalog catalog() {
    Reading reading = ClusterFileReader.read("cluster.yaml", THREE_PLACES);
    ClusterFile file = assertInstanceOf(Reading.Accepted.class, reading).file();
    return new ServiceCatalog(file, Expansion.of(file));
  }
}
