package io.trivet.daemon.vip;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.file.Route;
import io.trivet.cluster.file.Vip;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Where VIPs live: the host's own network namespace, or one that Trivet makes, with the names and
/// numbers of all that is made there. Pure arithmetic on the cluster file; [PlaceBuilder] makes it
/// true.
///
/// A namespace is linked to the host by a veth pair, so that the load balancer in it reaches its
/// backends whether or not this controller holds the VIP, and to the VIP's network by a macvlan on
/// the interface that the file names.
///
/// @param namespace name of the namespace, null for the host's
/// @param index number of this place among those with a namespace, 0 to 62; the link's addresses
///   come from it
/// @param seats the VIPs that live here
public record VipPlace(@Nullable String namespace, int index, List<Seat> seats) {
  /// Name of the veth end inside every namespace.
  public static final String INNER_LINK = "host";

  private static final int MAX_PLACES = 63;
  private static final int FIRST_TABLE = 50;

  public VipPlace {
    seats = List.copyOf(seats);
    if (index >= MAX_PLACES) {
      throw new IllegalArgumentException(
          "more than " + MAX_PLACES + " network namespaces for VIPs");
    }
  }

  /// One VIP in its place.
  ///
  /// @param vip its name
  /// @param addresses its addresses, each with the prefix length of its network
  /// @param parent the controller's interface to that network
  /// @param link the interface that carries the addresses: the parent, or a macvlan on it
  /// @param table routing table for packets from the VIP, used in namespaces only
  /// @param routes static routes for packets from the VIP
  public record Seat(
      String vip,
      List<IpPrefix> addresses,
      String parent,
      String link,
      int table,
      List<Route> routes) {
    public Seat {
      addresses = List.copyOf(addresses);
      routes = List.copyOf(routes);
    }
  }

  /// The places of all VIPs of a cluster file, the host's first, then namespaces in the order of
  /// the file.
  public static List<VipPlace> of(List<Vip> vips) {
    Map<String, List<Vip>> byNamespace = new LinkedHashMap<>();
    List<VipPlace> places = new ArrayList<>();
    List<Vip> onHost = new ArrayList<>();
    for (Vip vip : vips) {
      String namespace = vip.namespace();
      if (namespace == null) {
        onHost.add(vip);
      } else {
        byNamespace.computeIfAbsent(namespace, _ -> new ArrayList<>()).add(vip);
      }
    }
    if (!onHost.isEmpty()) {
      places.add(new VipPlace(null, 0, seats(onHost, false)));
    }
    int index = 0;
    for (Map.Entry<String, List<Vip>> entry : byNamespace.entrySet()) {
      places.add(new VipPlace(entry.getKey(), index++, seats(entry.getValue(), true)));
    }
    return places;
  }

  /// Every address of every VIP here.
  public List<IpAddress> guarded() {
    return seats.stream()
        .flatMap(seat -> seat.addresses().stream())
        .map(IpPrefix::address)
        .toList();
  }

  /// The interfaces of the host that the VIPs here stand on, with the link on each.
  public SortedSet<String> parents() {
    SortedSet<String> parents = new TreeSet<>();
    seats.forEach(seat -> parents.add(seat.parent()));
    return parents;
  }

  /// Name of the veth end on the host.
  public String hostLink() {
    return "trivet" + index;
  }

  /// IPv4 address of the host's end of the link, in a /30 of the link-local range (RFC 3927).
  public String hostAddress() {
    return "169.254.78." + (4 * index + 1);
  }

  /// IPv4 address of the namespace's end.
  public String innerAddress() {
    return "169.254.78." + (4 * index + 2);
  }

  /// IPv6 address of the host's end, in a /64 of a unique local prefix (RFC 4193).
  public String hostAddress6() {
    return "fd74:7269:7665:" + Integer.toHexString(index) + "::1";
  }

  /// IPv6 address of the namespace's end.
  public String innerAddress6() {
    return "fd74:7269:7665:" + Integer.toHexString(index) + "::2";
  }

  private static List<Seat> seats(List<Vip> vips, boolean inNamespace) {
    List<String> parents = vips.stream().map(Vip::interfaceName).distinct().toList();
    List<Seat> seats = new ArrayList<>();
    for (Vip vip : vips) {
      String link =
          inNamespace ? "vip" + parents.indexOf(vip.interfaceName()) : vip.interfaceName();
      seats.add(
          new Seat(
              vip.name(),
              vip.addresses(),
              vip.interfaceName(),
              link,
              FIRST_TABLE + seats.size(),
              vip.routes()));
    }
    return seats;
  }
}
