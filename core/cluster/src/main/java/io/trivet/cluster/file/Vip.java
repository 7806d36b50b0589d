package io.trivet.cluster.file;

import io.trivet.cluster.IpPrefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A virtual IP: the addresses that move together between controllers.
///
/// @param name its name, unique
/// @param addresses one or more addresses, each with the length of its network's prefix, IPv4 or
///   IPv6
/// @param interfaceName the interface of every controller that reaches the VIP's network (at most
///   15 characters)
/// @param namespace the network namespace that Trivet makes for it, or null for the host's own
/// @param routes static routes inside that namespace; empty without a namespace
public record Vip(
    String name,
    List<IpPrefix> addresses,
    String interfaceName,
    @Nullable String namespace,
    List<Route> routes) {

  /// @throws IllegalArgumentException if there is no address
  public Vip {
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("VIP " + name + " has no address.");
    }
  }
}
