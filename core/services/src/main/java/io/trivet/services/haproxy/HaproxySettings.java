package io.trivet.services.haproxy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What HAProxy is to serve, taken from the cluster file. There is one HAProxy for each network
/// namespace that has VIPs.
///
/// @param id id of the resource; names its unit, its files and its runtime socket
/// @param cluster name of the cluster, for the comment on top of the file
/// @param fronts the services, the database first
/// @param servers the controllers that run services, in the order of the cluster file
/// @param vips the VIPs that it listens on
/// @param namespace network namespace in which HAProxy runs, or null for the host's
public record HaproxySettings(
    String id,
    String cluster,
    List<Front> fronts,
    List<Server> servers,
    List<Vip> vips,
    @Nullable String namespace) {

  /// How connections to a service are spread.
  public enum Kind {
    /// TCP to the one writer, which Trivet enables at run time.
    DATABASE,
    /// HTTP to every controller that answers.
    HTTP
  }

  /// One service.
  ///
  /// @param name name of the service, which is also the name of its backend
  /// @param kind how it is spread
  /// @param port port on every controller
  /// @param checkPath path of the health check of an HTTP service, else empty
  /// @param binds where it is served
  public record Front(String name, Kind kind, int port, String checkPath, List<Bind> binds) {
    public Front {
      binds = List.copyOf(binds);
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException("port of " + name + " is " + port);
      }
    }
  }

  /// An address and a port on which a service is served; IPv6 without brackets.
  public record Bind(String address, int port) {}

  /// A VIP and its addresses, without prefix lengths.
  public record Vip(String name, List<String> addresses) {
    public Vip {
      addresses = List.copyOf(addresses);
    }
  }

  /// A controller.
  public record Server(String name, String address) {}

  public HaproxySettings {
    fronts = List.copyOf(fronts);
    servers = List.copyOf(servers);
    vips = List.copyOf(vips);
  }

  /// The systemd unit.
  public String unit() {
    return "trivet-" + id + ".service";
  }

  String unitPath() {
    return "/run/systemd/system/" + unit();
  }

  /// Where the configuration lies.
  public String configPath() {
    return "/var/lib/trivet/haproxy/" + id + ".cfg";
  }

  /// The runtime socket, for root only.
  public String socketPath() {
    return "/run/trivet/" + id + ".sock";
  }
}
