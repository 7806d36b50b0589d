package io.trivet.cluster.file;

import io.trivet.cluster.IpPrefix;
import java.util.List;
import java.util.Locale;
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
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /// @throws IllegalArgumentException if there is no address
  public Vip {
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("VIP " + name + " has no address.");
    }
  }

  /// The name under which members agree on who holds it: its own, and a sum of where it lives.
  /// While a cluster file is taken over, controllers may know different files; so that an address
  /// has one holder then, too, a VIP with other addresses is another lease, which a majority grants
  /// only when what it granted before has ended (`LeaseEvent.Guarding`).
  public String leaseName() {
    long sum = FNV_OFFSET;
    for (IpPrefix address : addresses) {
      sum = sum(sum, address.toString());
    }
    sum = sum(sum(sum, interfaceName), namespace == null ? "" : namespace);
    return name + '@' + String.format(Locale.ROOT, "%016x", sum);
  }

  /// FNV-1a, 64 bits: small, and the same everywhere.
  private static long sum(long before, String text) {
    long sum = before;
    for (int i = 0; i < text.length(); i++) {
      sum = (sum ^ text.charAt(i)) * FNV_PRIME;
    }
    return (sum ^ ';') * FNV_PRIME;
  }
}
