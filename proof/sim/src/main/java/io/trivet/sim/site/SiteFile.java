package io.trivet.sim.site;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.file.TimingProfile;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Roster;
import io.trivet.services.ServiceCatalog;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.controller.ControllerMachine;
import io.trivet.services.controller.ServiceSet;
import io.trivet.services.controller.UnusableClusterFile;
import io.trivet.services.haproxy.HaproxyAgent;
import io.trivet.services.unit.Health;
import io.trivet.services.unit.UnitAgent;
import java.util.ArrayList;
import java.util.List;

/// The cluster file of the site. All agents are the production ones, but HAProxy's, whose socket is
/// not simulated: a plain unit stands for it.
final class SiteFile implements ControllerMachine.Services {
  /// The names of all leases.
  static final List<String> LEASES = List.of("public", UnitLease.of(Singleton.RESOURCE));

  private static final String NAME = "site";
  private final TimingProfile timing;

  /// What can be wrong with a file that was accepted, on one controller.
  enum Flaw {
    /// Its agents cannot be made.
    BROKEN,

    /// The lease process cannot take it on.
    REFUSED,

    /// The daemon ends when it takes it on.
    DEADLY;

    /// The name of a cluster whose file has this flaw on that controller.
    String on(String controller) {
      return name().toLowerCase(java.util.Locale.ROOT) + "-" + controller;
    }

    boolean of(ClusterFile file, String controller) {
      return file.name().equals(on(controller));
    }
  }

  SiteFile(TimingProfile timing) {
    this.timing = timing;
  }

  /// @param comment any words, which change nothing
  /// @param apis OpenStack APIs
  String text(String comment, List<String> apis) {
    return text(NAME, comment, apis);
  }

  private String text(String name, String comment, List<String> apis) {
    return """
    # %s
    trivet: 1
    name: %s
    mode: coordinated
    timing: %s
    controllers:
      c1: 10.77.0.1
      c2: 10.77.0.2
      c3: 10.77.0.3
    vips:
      public: { address: 10.77.0.100/24, interface: eth0 }
    database: { engine: mariadb }
    load-balancer: haproxy
    apis: %s
    units:
      volume: { kind: singleton, fenced-by: network }
    """
        .formatted(comment, name, timing.word(), apis);
  }

  Command.SetClusterFile seed() {
    return command("as delivered", List.of("keystone"));
  }

  Command.SetClusterFile command(String comment, List<String> apis) {
    return command(text(comment, apis));
  }

  /// A file that one controller cannot bring about.
  Command.SetClusterFile flawed(Flaw flaw, String controller) {
    return command(text(flaw.on(controller), "flawed", List.of("keystone")));
  }

  /// The command that sets this text.
  Command.SetClusterFile command(String text) {
    return new Command.SetClusterFile(text, Roster.of(Expansion.of(read(text))));
  }

  private static ClusterFile read(String text) {
    return switch (ClusterFileReader.read("site.yaml", text)) {
      case Reading.Accepted accepted -> accepted.file();
      case Reading.Refused refused ->
          throw new IllegalStateException(refused.problems().toString());
    };
  }

  @Override
  public ServiceSet of(String clusterFileText, String self) throws UnusableClusterFile {
    ClusterFile file = read(clusterFileText);
    if (Flaw.BROKEN.of(file, self)) {
      throw new UnusableClusterFile("an agent cannot be made");
    }
    Configuration configuration = Expansion.of(file);
    ServiceCatalog catalog = new ServiceCatalog(file, configuration);
    List<ResourceAgent<?>> agents = new ArrayList<>();
    for (ResourceAgent<?> agent : catalog.agents(self)) {
      agents.add(
          agent instanceof HaproxyAgent
              ? new UnitAgent(agent.resource(), "trivet-haproxy.service", new Health.None())
              : agent);
    }
    return new ServiceSet(file, configuration, agents, catalog.policies());
  }
}
