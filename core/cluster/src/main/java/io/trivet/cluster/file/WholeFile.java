package io.trivet.cluster.file;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is only wrong together with something else in the file: two owners of one address, one
/// name, one port, one unit, one route; too few members.
final class WholeFile {
  private static final List<String> CONSTRAINT_PARTS = List.of("-after-", "-with-", "-not-on-");

  private final Findings findings;
  private final Map<IpAddress, Use> addresses = new TreeMap<>();
  private final Map<String, Use> names = new TreeMap<>();
  private final Map<Integer, Use> ports = new TreeMap<>();
  private final Map<String, Use> units = new TreeMap<>();
  private final Map<String, Use> routes = new TreeMap<>();

  /// Who uses something, and where the file says so; a line of 0 means Trivet itself.
  private record Use(String who, int line) {
    String text() {
      return line == 0 ? who : who + " (line " + line + ")";
    }
  }

  WholeFile(Findings findings) {
    this.findings = findings;
    ports.put(7601, new Use("Trivet's consensus", 0));
    ports.put(7602, new Use("Trivet's peer channel", 0));
    ports.put(7603, new Use("Trivet's leases", 0));
    units.put("trivetd", new Use("Trivet itself", 0));
  }

  void controller(Controller controller, Yaml.Place at) {
    String who = "controller \"" + controller.name() + "\"";
    claim(
        addresses,
        controller.address(),
        who,
        at,
        "has the address " + controller.address() + ", which is already that of ",
        "one address for each");
    if (controller.address().isLoopback()) {
      findings.warning(
          at,
          who
              + " has the loopback address "
              + controller.address()
              + "; right only when all controllers are on one machine",
          "an address of the network");
    }
  }

  /// Checks how many members there are. All in the file count, also those with another problem.
  void members(Mode mode, int count, List<Controller> controllers, Yaml.Place at) {
    int least = mode == Mode.COORDINATED ? 3 : 2;
    if (count < least) {
      String why =
          mode == Mode.COORDINATED
              ? " voting members; a quorum that survives the loss of one needs 3"
              : " controllers; a VIP that moves needs 2";
      findings.error(
          at,
          "the cluster has " + count + why,
          "at least "
              + least
              + " controllers"
              + (mode == Mode.COORDINATED ? " (`witness: true` for one that only votes)" : ""));
    } else if (count > Limits.CONTROLLERS) {
      findings.error(
          at, "the cluster has " + count + " controllers", "at most " + Limits.CONTROLLERS);
    } else if (mode == Mode.COORDINATED && count % 2 == 0) {
      String odd = count + " voting members survive the loss of " + (count - 1) / 2;
      findings.warning(at, odd + ", no more than " + (count - 1) + " would", "an odd number");
    }
    long witnesses = controllers.stream().filter(Controller::witness).count();
    if (mode == Mode.INDEPENDENT && witnesses > 0) {
      findings.error(
          at,
          "a witness votes, and in independent mode there are no votes",
          "controllers without `witness`");
    } else if (witnesses > 0 && count - witnesses < 2) {
      findings.error(
          at,
          "fewer than 2 controllers run services; the others are witnesses",
          "at least 2 controllers without `witness`");
    }
  }

  void vipAddress(IpPrefix address, String vip, Yaml.Place at) {
    claim(
        addresses,
        address.address(),
        vip,
        at,
        "has the address " + address.address() + ", which is already that of ",
        "an address that no machine has");
    if (address.address().isLoopback()) {
      findings.error(
          at,
          vip
              + " has the loopback address "
              + address.address()
              + "; nobody outside would reach it",
          "an address of the network");
    }
  }

  /// A VIP in a network that nothing else in the file mentions is probably a slip of the pen. A
  /// controller or a next hop in it shows that the network is meant.
  void vipNetwork(
      IpPrefix address,
      String vip,
      Yaml.Place at,
      List<Controller> controllers,
      List<Route> routes) {
    boolean comparable =
        controllers.stream().anyMatch(c -> c.address().family() == address.address().family());
    boolean meant =
        controllers.stream().anyMatch(c -> address.contains(c.address()))
            || routes.stream().anyMatch(r -> address.contains(r.via()));
    if (comparable && !meant && !address.address().isLoopback()) {
      findings.warning(
          at,
          "no controller of this file has an address in "
              + address.network()
              + ", the network of "
              + vip,
          "this, if the interface of every controller is in that network");
    }
  }

  void route(Route route, @Nullable String namespace, String vip, Yaml.Place at) {
    if (namespace != null) {
      claim(
          routes,
          namespace + " " + route.to(),
          vip,
          at,
          "has a route to " + route.to() + " in namespace " + namespace + ", as has already ",
          "one route to each network in a namespace");
    }
  }

  /// Something that becomes a resource of that name. The expansion makes further ids out of it,
  /// which nobody may have taken.
  void resource(String name, String who, Yaml.Place at) {
    for (String part : CONSTRAINT_PARTS) {
      if (name.contains(part)) {
        findings.error(
            at,
            who + " has \"" + part + "\" in its name, with which Trivet names constraints",
            "another name");
      }
    }
    if (name.endsWith("-clone") || name.startsWith("haproxy-")) {
      findings.error(
          at,
          who + " has a name as Trivet makes them for its own resources",
          "a name that neither begins with haproxy- nor ends with -clone");
    }
    claim(names, name, who, at, "has the name of ", "another name");
  }

  /// Something that listens on a port of every controller, and perhaps of a VIP.
  void port(int port, String who, Yaml.Place at) {
    claim(
        ports,
        port,
        who,
        at,
        "listens on port " + port + ", as does already ",
        "a port of its own");
  }

  void unit(String unit, String who, Yaml.Place at) {
    claim(
        units,
        unit,
        who,
        at,
        "uses the systemd unit " + unit + ", as does already ",
        "a unit of its own");
  }

  /// A namespace gives its name to the load balancer in it, so the same rules hold as for a
  /// resource.
  void namespace(String name, String who, Yaml.Place at) {
    for (String part : CONSTRAINT_PARTS) {
      if (name.contains(part)) {
        findings.error(
            at,
            "the namespace of "
                + who
                + " has \""
                + part
                + "\" in its name, with which Trivet names constraints",
            "another name");
      }
    }
  }

  private <K> void claim(
      Map<K, Use> owners, K thing, String who, Yaml.Place at, String clash, String allowed) {
    Use first = owners.putIfAbsent(thing, new Use(who, at.line()));
    if (first != null) {
      findings.error(at, who + " " + clash + first.text(), allowed);
    }
  }
}
