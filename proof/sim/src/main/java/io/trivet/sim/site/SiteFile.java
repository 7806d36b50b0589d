package io.trivet.sim.site;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Roster;
import io.trivet.services.ServiceCatalog;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.controller.ControllerMachine;
import io.trivet.services.controller.ServiceSet;
import io.trivet.services.haproxy.HaproxyAgent;
import io.trivet.services.unit.Health;
import io.trivet.services.unit.UnitAgent;
import java.util.ArrayList;
import java.util.List;

/// The cluster file of the site. All agents are the production ones, but HAProxy's, whose socket is
/// not simulated: a plain unit stands for it.
final class SiteFile implements ControllerMachine.Services {
  static final String TEXT =
      """
      trivet: 1
      name: site
      mode: coordinated
      timing: standard
      controllers:
        c1: 10.77.0.1
        c2: 10.77.0.2
        c3: 10.77.0.3
      vips:
        public: { address: 10.77.0.100/24, interface: eth0 }
      database: { engine: mariadb }
      load-balancer: haproxy
      apis: [keystone]
      """;
  static final ClusterFile FILE = read();
  static final Configuration CONFIGURATION = Expansion.of(FILE);
  static final Command.SetClusterFile SEED =
      new Command.SetClusterFile(TEXT, Roster.of(CONFIGURATION));

  private static ClusterFile read() {
    return switch (ClusterFileReader.read("site.yaml", TEXT)) {
      case Reading.Accepted accepted -> accepted.file();
      case Reading.Refused refused ->
          throw new IllegalStateException(refused.problems().toString());
    };
  }

  @Override
  public ServiceSet of(String clusterFileText, String self) {
    ServiceCatalog catalog = new ServiceCatalog(FILE, CONFIGURATION);
    List<ResourceAgent<?>> agents = new ArrayList<>();
    for (ResourceAgent<?> agent : catalog.agents(self)) {
      agents.add(
          agent instanceof HaproxyAgent
              ? new UnitAgent(agent.resource(), "trivet-haproxy.service", new Health.None())
              : agent);
    }
    return new ServiceSet(FILE, CONFIGURATION, agents, catalog.policies());
  }
}
