package io.trivet.daemon.vip;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.file.Route;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.kernel.KernelLimits;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where VIPs live: the host's own network namespace, or one that Trivet makes, with the names and
/// numbers of all that is made there. Pure arithmetic on the cluster file and [PlaceNumbers];
/// [PlaceBuilder] makes it true.
///
/// A namespace is linked to the host by a veth pair, so that the load balancer in it reaches its
/// backends whether or not this controller holds the VIP, and to the VIP's network by a macvlan on
/// the interface that the file names.
///
/// @param namespace name of the namespace, null for the host's
/// @param number number of this place among those with a namespace, see [PlaceNumbers]; the names
///   and addresses of the link to the host come from it
/// @param seats the VIPs that live here
/// @param elsewhere addresses that must never answer here, because their VIPs live in namespaces of
///   this controller; the host's place has them, whether or not a VIP lives there
public record VipPlace(
    @Nullable String namespace, int number, List<Seat> seats, List<IpAddress> elsewhere) {
  /// Name of the veth end inside every namespace.
  public static final String INNER_LINK = "host";

  /// What the name of every veth end on the host begins with.
  public static final String HOST_LINKS = "trivet";

  /// What the name of every macvlan in a namespace begins with.
  static final String VIP_LINKS = "vip-";

  /// The addresses of all links to namespaces, the host's ends and the namespaces'.
  static final String LINK_NETWORK = "169.254.78.0/24";

  static final String LINK_NETWORK6 = "fd74:7269:7665::/48";

  private static final int LONGEST_NAME = 15; // IFNAMSIZ with its zero

  public VipPlace {
    seats = List.copyOf(seats);
    elsewhere = List.copyOf(elsewhere);
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
  ///
  /// @param numbers has a number for each namespace and VIP in one
  static List<VipPlace> of(List<Vip> vips, PlaceNumbers numbers) {
    Map<String, List<Vip>> byNamespace = new LinkedHashMap<>();
    List<VipPlace> places = new ArrayList<>();
    List<Seat> onHost = new ArrayList<>();
    List<IpAddress> elsewhere = new ArrayList<>();
    for (Vip vip : vips) {
      String namespace = vip.namespace();
      if (namespace == null) {
        onHost.add(seat(vip, vip.interfaceName(), 0));
      } else {
        byNamespace.computeIfAbsent(namespace, _ -> new ArrayList<>()).add(vip);
        vip.addresses().forEach(address -> elsewhere.add(address.address()));
      }
    }
    if (!vips.isEmpty()) {
      places.add(host(onHost, elsewhere));
    }
    byNamespace.forEach(
        (namespace, inside) -> {
          List<Seat> seats = new ArrayList<>();
          for (Vip vip : inside) {
            seats.add(
                seat(vip, linkOn(vip.interfaceName()), numbers.ofTable(namespace, vip.name())));
          }
          places.add(new VipPlace(namespace, numbers.ofNamespace(namespace), seats, List.of()));
        });
    return places;
  }

  /// What the guard has no room for is watched only.
  private static VipPlace host(List<Seat> seats, List<IpAddress> elsewhere) {
    int here = seats.stream().mapToInt(seat -> seat.addresses().size()).sum();
    int room = Math.max(0, KernelLimits.MOST_ADDRESSES_IN_PLACE - here);
    return new VipPlace(null, 0, seats, elsewhere.stream().limit(room).toList());
  }

  private static Seat seat(Vip vip, String link, int table) {
    return new Seat(vip.name(), vip.addresses(), vip.interfaceName(), link, table, vip.routes());
  }

  /// The macvlan on an interface: one name for each, whatever else is there.
  static String linkOn(String parent) {
    String name = VIP_LINKS + parent;
    return name.length() <= LONGEST_NAME
        ? name
        : VIP_LINKS + Integer.toHexString(parent.hashCode());
  }

  /// Every address of every VIP that lives here.
  public List<IpAddress> guarded() {
    return seats.stream()
        .flatMap(seat -> seat.addresses().stream())
        .map(IpPrefix::address)
        .toList();
  }

  /// Every address that the guard of this place keeps dark without a lease.
  List<InetAddress> allGuarded() {
    return Stream.concat(guarded().stream(), elsewhere.stream()).map(VipAddresses::inet).toList();
  }

  /// The links that carry the VIPs here, each once.
  List<String> links() {
    return seats.stream().map(Seat::link).distinct().toList();
  }

  /// What the register of places calls it: the namespace, or the empty name for the host's.
  String key() {
    return namespace == null ? "" : namespace;
  }

  /// The seat of a VIP that lives here.
  Seat seat(String vip) {
    return seats.stream().filter(s -> s.vip().equals(vip)).findFirst().orElseThrow();
  }

  /// Name of the veth end on the host.
  public String hostLink() {
    return hostLink(number);
  }

  static String hostLink(int number) {
    return HOST_LINKS + number;
  }

  /// IPv4 address of the host's end of the link, in a /30 of the link-local range (RFC 3927).
  public String hostAddress() {
    return "169.254.78." + (4 * number + 1);
  }

  /// IPv4 address of the namespace's end.
  public String innerAddress() {
    return "169.254.78." + (4 * number + 2);
  }

  String hostAddress(boolean v4) {
    return v4 ? hostAddress() : hostAddress6();
  }

  String innerAddress(boolean v4) {
    return v4 ? innerAddress() : innerAddress6();
  }

  /// IPv6 address of the host's end, in a /64 of a unique local prefix (RFC 4193).
  public String hostAddress6() {
    return "fd74:7269:7665:" + Integer.toHexString(number) + "::1";
  }

  /// IPv6 address of the namespace's end.
  public String innerAddress6() {
    return "fd74:7269:7665:" + Integer.toHexString(number) + "::2";
  }
}
