package io.trivet.daemon.vip;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.kernel.KernelLimits;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.Sysctl;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import io.trivet.linux.route.Rule;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Makes a [VipPlace] true in the kernel: namespace, links, routes, settings. Everything may be
/// there already; nothing that is right is touched, so a daemon that restarts disturbs no
/// connection.
final class PlaceBuilder {
  /// Kernel parameters wherever VIPs live.
  private static final SortedMap<String, String> EVERYWHERE =
      new TreeMap<>(Map.of("net.ipv4.ip_nonlocal_bind", "1", "net.ipv6.ip_nonlocal_bind", "1"));

  /// Those of a namespace beside them: without these the link to the host would answer ARP for the
  /// VIP, too. Without IPv6 for all, a new link has none.
  private static final SortedMap<String, String> INSIDE =
      new TreeMap<>(
          Map.of(
              "net.ipv4.conf.all.arp_ignore",
              "1",
              "net.ipv4.conf.all.arp_announce",
              "2",
              "net.ipv6.conf.all.disable_ipv6",
              "0"));

  private static final int MAIN_PRIORITY = 32_766;

  /// What the kernel gives a new veth link.
  private static final int VETH_MTU = 1500;

  private final NetworkNamespace hostNamespace;
  private final List<IpAddress> ownAddresses;

  /// @param hostNamespace the controller's own namespace
  /// @param ownAddresses addresses of this controller, which the namespace reaches by its link to
  ///   the host: a macvlan cannot talk to the interface below it
  PlaceBuilder(NetworkNamespace hostNamespace, List<IpAddress> ownAddresses) {
    this.hostNamespace = hostNamespace;
    this.ownAddresses = List.copyOf(ownAddresses);
  }

  /// Kernel parameters that a place needs, with their values. One that this kernel does not have is
  /// not needed: there is no IPv6 then.
  static SortedMap<String, String> settings(VipPlace place) {
    SortedMap<String, String> settings = new TreeMap<>();
    if (!place.seats().isEmpty()) {
      settings.putAll(EVERYWHERE);
    }
    if (place.namespace() != null) {
      settings.putAll(INSIDE);
      List<String> links = new ArrayList<>(place.links());
      links.add(VipPlace.INNER_LINK);
      for (String link : links) {
        // The kernel takes the larger one of this and that for all.
        settings.put("net/ipv4/conf/" + link + "/arp_ignore", "1");
        settings.put(ipv6Off(link), "0");
      }
    }
    return settings;
  }

  /// Those of the host for its end of the link: a controller without IPv6 keeps it for its own
  /// links only.
  static SortedMap<String, String> linkSettings(VipPlace place) {
    return place.namespace() == null
        ? new TreeMap<>()
        : new TreeMap<>(Map.of(ipv6Off(place.hostLink()), "0"));
  }

  static String ipv6Off(String link) {
    return "net/ipv6/conf/" + link + "/disable_ipv6";
  }

  /// Whether a kernel has IPv6 at all.
  static boolean hasIpv6(NetworkNamespace namespace) throws IOException {
    return !Sysctl.read(namespace, List.of("net.ipv6.conf.all.disable_ipv6")).isEmpty();
  }

  /// Prepares the host's namespace for VIPs that live in it.
  void prepareHost(VipPlace place) throws IOException {
    write(hostNamespace, settings(place));
  }

  /// Makes what this place needs inside its namespace and on the host, without any VIP address, and
  /// takes away what a VIP that is gone left there.
  ///
  /// @throws IOException with the first thing that the kernel refused; the rest was done
  void build(VipPlace place, NetworkNamespace namespace) throws IOException {
    Attempts attempts = new Attempts();
    try (RouteSocket host = RouteSocket.open(hostNamespace);
        RouteSocket inner = RouteSocket.open(namespace)) {
      attempts.on(() -> inner.setUp("lo"));
      attempts.on(() -> write(namespace, settings(place)));
      attempts.on(() -> linkToHost(place, namespace, host, inner));
      attempts.on(
          () -> {
            for (Rule rule : mainRules(hasIpv6(namespace))) {
              inner.ensureRule(rule);
            }
          });
      for (VipPlace.Seat seat : place.seats()) {
        attempts.on(
            () -> {
              linkToNetwork(seat, namespace, host, inner);
              routes(place, seat, inner);
            });
      }
      attempts.on(() -> takeAwayOthers(place, inner));
      attempts.on(() -> write(namespace, settings(place))); // of the links that are new
    }
    attempts.end();
  }

  /// Removes a namespace that no VIP lives in any more, with everything in it.
  void remove(String name, String hostLink) throws IOException {
    try (RouteSocket host = RouteSocket.open(hostNamespace)) {
      host.deleteLink(hostLink);
    }
    NetworkNamespace.delete(name);
  }

  /// What VIPs that are gone left in the namespace: links, rules, routes. Tables and names are ours
  /// there.
  private void takeAwayOthers(VipPlace place, RouteSocket inner) throws IOException {
    for (Link link : inner.links()) {
      if (link.name().startsWith(VipPlace.VIP_LINKS) && !place.links().contains(link.name())) {
        inner.deleteLink(link.name());
      }
    }
    List<Rule> rules = place.seats().stream().flatMap(seat -> rules(seat).stream()).toList();
    for (Rule rule : inner.rules()) {
      if (ours(rule.table()) && !rules.contains(new Rule(rule.from(), rule.table(), 0))) {
        inner.deleteRule(rule);
      }
    }
    List<Integer> tables = place.seats().stream().map(VipPlace.Seat::table).toList();
    for (Route route : inner.routes()) {
      if (ours(route.table()) && !tables.contains(route.table())) {
        inner.deleteRoute(route);
      }
    }
  }

  private static boolean ours(int table) {
    return table >= KernelLimits.FIRST_TABLE
        && table < KernelLimits.FIRST_TABLE + KernelLimits.MOST_VIPS_IN_NAMESPACE;
  }

  private void linkToHost(
      VipPlace place, NetworkNamespace namespace, RouteSocket host, RouteSocket inner)
      throws IOException {
    Optional<Link> out = host.link(place.hostLink());
    Optional<Link> in = inner.link(VipPlace.INNER_LINK);
    if (out.isEmpty() || in.isEmpty() || !arePair(out.get(), in.get())) {
      host.deleteLink(place.hostLink());
      inner.deleteLink(VipPlace.INNER_LINK); // its other end may have got another name
      host.createVeth(place.hostLink(), VipPlace.INNER_LINK, namespace);
    } else {
      asMade(host, out.get(), VETH_MTU);
      asMade(inner, in.get(), VETH_MTU);
    }
    int outside = host.indexOf(place.hostLink());
    int inside = inner.indexOf(VipPlace.INNER_LINK);
    host.setUp(place.hostLink());
    inner.setUp(VipPlace.INNER_LINK);
    write(namespace, settings(place));
    write(hostNamespace, linkSettings(place));
    boolean v6 = hasIpv6(namespace);
    for (Prefix address : hostAddresses(place, v6)) {
      withItsRoute(host, outside, address, place.innerAddress(address.v4()));
    }
    for (Prefix address : innerAddresses(place, v6)) {
      withItsRoute(inner, inside, address, place.hostAddress(address.v4()));
    }
    for (Route route : defaultRoutes(place, v6)) {
      inner.ensureRoute(route);
    }
  }

  /// An address whose network's route is gone gets it back only with the address.
  private static void withItsRoute(RouteSocket where, int link, Prefix address, String neighbour)
      throws IOException {
    if (where.wayTo(InetAddress.ofLiteral(neighbour), null) != link) {
      where.deleteAddress(link, address);
    }
    where.ensureAddress(link, address);
  }

  /// @param v6 whether this kernel has IPv6
  static List<Prefix> hostAddresses(VipPlace place, boolean v6) {
    Prefix v4 = Prefix.parse(place.hostAddress() + "/30");
    return v6 ? List.of(v4, Prefix.parse(place.hostAddress6() + "/64")) : List.of(v4);
  }

  static List<Prefix> innerAddresses(VipPlace place, boolean v6) {
    Prefix v4 = Prefix.parse(place.innerAddress() + "/30");
    return v6 ? List.of(v4, Prefix.parse(place.innerAddress6() + "/64")) : List.of(v4);
  }

  /// Everything that is not the VIP's own goes by way of the host.
  static List<Route> defaultRoutes(VipPlace place, boolean v6) {
    Route v4 = route(Prefix.defaultRoute(false), place.hostAddress());
    return v6 ? List.of(v4, route(Prefix.defaultRoute(true), place.hostAddress6())) : List.of(v4);
  }

  private void linkToNetwork(
      VipPlace.Seat seat, NetworkNamespace namespace, RouteSocket host, RouteSocket inner)
      throws IOException {
    Link parent = host.link(seat.parent()).orElse(null);
    Link link = inner.link(seat.link()).orElse(null);
    if (link != null && parent != null && !standsOn(link, parent)) {
      inner.deleteLink(seat.link());
      link = null;
    }
    if (link == null) {
      host.createMacvlan(seat.link(), seat.parent(), namespace);
    } else if (parent != null) {
      asMade(inner, link, parent.mtu());
    }
    inner.setUp(seat.link());
  }

  /// Whether two links are the ends of one pair.
  static boolean arePair(Link out, Link in) {
    return out.kind().equals("veth")
        && in.kind().equals("veth")
        && out.parentIndex() == in.index()
        && in.parentIndex() == out.index();
  }

  /// Whether a link is a macvlan as Trivet makes it, on that interface.
  static boolean standsOn(Link link, Link parent) {
    return link.kind().equals("macvlan")
        && link.mode() == Link.MACVLAN_BRIDGE
        && link.parentIndex() == parent.index();
  }

  /// Whether nobody changed an end of the pair.
  static boolean isAsMade(Link pairEnd) {
    return isAsMade(pairEnd, VETH_MTU);
  }

  /// Whether nobody changed a link beside what it is.
  ///
  /// @param mtu what it should have
  static boolean isAsMade(Link link, int mtu) {
    return link.arp() && link.masterIndex() == 0 && link.mtu() == mtu;
  }

  private static void asMade(RouteSocket where, Link link, int mtu) throws IOException {
    if (!link.arp()) {
      where.setArp(link.name(), true);
    }
    if (link.masterIndex() != 0) {
      where.setMaster(link.name(), null);
    }
    if (link.mtu() != mtu) {
      where.setMtu(link.name(), mtu);
    }
  }

  /// Packets from the VIP go back by the VIP's own network; everything else in the namespace goes
  /// by way of the host.
  private void routes(VipPlace place, VipPlace.Seat seat, RouteSocket inner) throws IOException {
    for (Route route :
        routes(place, seat, inner.indexOf(seat.link()), inner.indexOf(VipPlace.INNER_LINK))) {
      inner.ensureRoute(route);
    }
    for (Rule rule : rules(seat)) {
      inner.ensureRule(rule);
    }
  }

  /// The kernel's own rules for the main table, which `ip rule flush` takes, too.
  static List<Rule> mainRules(boolean v6) {
    Rule v4 = new Rule(Prefix.defaultRoute(false), Route.MAIN, MAIN_PRIORITY);
    return v6
        ? List.of(v4, new Rule(Prefix.defaultRoute(true), Route.MAIN, MAIN_PRIORITY))
        : List.of(v4);
  }

  /// The rules that send packets from a VIP to its table.
  static List<Rule> rules(VipPlace.Seat seat) {
    return seat.addresses().stream()
        .map(address -> new Rule(Prefix.host(linux(address).address()), seat.table(), 0))
        .toList();
  }

  /// The routes of a seat's own table.
  ///
  /// @param link index of the seat's link
  /// @param toHost index of the link to the host
  List<Route> routes(VipPlace place, VipPlace.Seat seat, int link, int toHost) {
    List<Route> routes = new ArrayList<>();
    for (IpPrefix address : seat.addresses()) {
      boolean v4 = !address.address().isV6();
      String gateway = v4 ? place.hostAddress() : place.hostAddress6();
      IpPrefix linkNetwork = IpPrefix.of(gateway + (v4 ? "/30" : "/64")).network();
      routes.add(Route.onLink(linux(address.network()), link).inTable(seat.table()));
      routes.add(Route.onLink(linux(linkNetwork), toHost).inTable(seat.table()));
      ownAddresses.stream()
          .filter(own -> own.isV6() != v4)
          .map(own -> Prefix.host(InetAddress.ofLiteral(own.toString())))
          .forEach(own -> routes.add(route(own, gateway).inTable(seat.table())));
    }
    for (io.trivet.cluster.file.Route wanted : seat.routes()) {
      InetAddress gateway = InetAddress.ofLiteral(wanted.via().toString());
      routes.add(
          new Route(
              linux(wanted.to()),
              seat.table(),
              gateway,
              link,
              null,
              Route.Scope.UNIVERSE,
              0,
              Route.STATIC));
    }
    return routes;
  }

  List<InetAddress> ownAddresses() {
    return ownAddresses.stream().map(VipAddresses::inet).toList();
  }

  private static void write(NetworkNamespace namespace, SortedMap<String, String> settings)
      throws IOException {
    for (Map.Entry<String, String> there : Sysctl.read(namespace, settings.keySet()).entrySet()) {
      String wanted = settings.getOrDefault(there.getKey(), "");
      if (!there.getValue().equals(wanted)) {
        Sysctl.write(namespace, there.getKey(), wanted);
      }
    }
  }

  private static Route route(Prefix to, String via) {
    return Route.via(to, InetAddress.ofLiteral(via));
  }

  private static Prefix linux(IpPrefix prefix) {
    return Prefix.parse(prefix.toString());
  }
}
