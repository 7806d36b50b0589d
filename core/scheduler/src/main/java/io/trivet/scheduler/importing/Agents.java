package io.trivet.scheduler.importing;

import io.trivet.cluster.file.KnownApi;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an agent of Pacemaker's is in a cluster file.
final class Agents {
  /// Parts that a cluster file has words for.
  enum Kind {
    VIP,
    DATABASE,
    BROKER,
    LOAD_BALANCER,
    CACHE,
    /// Any systemd unit.
    UNIT,
    FENCING,
    /// A connection to a remote node.
    REMOTE,
    /// There is no word for it.
    OTHER
  }

  private static final List<String> SYSTEMD = List.of("systemd", "service", "lsb");

  private Agents() {}

  /// @param type the agent's name: for systemd, the unit
  static Kind kind(String standard, String type) {
    if (standard.equals("stonith") || standard.equals("fencing")) {
      return Kind.FENCING;
    }
    boolean unit = SYSTEMD.contains(standard);
    return switch (type) {
      case "IPaddr", "IPaddr2", "IPaddr3", "IPv6addr" -> unit ? Kind.UNIT : Kind.VIP;
      case "galera" -> unit ? Kind.UNIT : Kind.DATABASE;
      case "rabbitmq-cluster", "rabbitmq-server", "rabbitmq-server-ha" -> Kind.BROKER;
      case "haproxy" -> Kind.LOAD_BALANCER;
      case "memcached" -> Kind.CACHE;
      case "remote" -> unit ? Kind.UNIT : Kind.REMOTE;
      default -> unit && !type.startsWith("/") ? Kind.UNIT : Kind.OTHER;
    };
  }

  /// The API that this unit serves, by Debian's name of the unit or that of RDO; null if none.
  static @Nullable KnownApi api(String unit) {
    String bare = bare(unit);
    for (KnownApi api : KnownApi.values()) {
      if (!api.unit().equals("apache2") && api.unit().equals(bare)) {
        return api;
      }
    }
    return switch (bare) {
      case "neutron-server" -> KnownApi.NEUTRON;
      case "glance" -> KnownApi.GLANCE;
      default -> null;
    };
  }

  /// The API that this unit works for; null if none.
  static @Nullable KnownApi worksFor(String unit) {
    for (KnownApi api : KnownApi.values()) {
      if (api.workers().contains(bare(unit))) {
        return api;
      }
    }
    return null;
  }

  private static String bare(String unit) {
    String name = unit.endsWith(".service") ? unit.substring(0, unit.length() - 8) : unit;
    return name.startsWith("openstack-") ? name.substring("openstack-".length()) : name;
  }
}
