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
import java.util.SortedMap;
import java.util.TreeMap;

/// Makes a [VipPlace] true in the kernel: namespace, links, routes, settings. Everything may be
/// there already; nothing that is right is touched, so a daemon that restarts disturbs no
/// connection.
final class PlaceBuilder {
  /// Kernel parameters wherever VIPs live.
  static final SortedMap<String, String> HOST_SETTINGS =
      new TreeMap<>(Map.of("net.ipv4.ip_nonlocal_bind", "1", "net.ipv6.ip_nonlocal_bind", "1"));

  /// Those of a namespace beside them: without these the link to the host would answer ARP for the
  /// VIP, too.
  static final SortedMap<String, String> INNER_SETTINGS =
      new TreeMap<>(
          Map.of("net.ipv4.conf.all.arp_ignore", "1", "net.ipv4.conf.all.arp_announce", "2"));

  private final NetworkNamespace hostNamespace;
  private final List<IpAddress> ownAddresses;

  /// @param hostNamespace the controller's own namespace
  /// @param ownAddresses addresses of this controller, which the namespace reaches by its link to
  ///   the host: a macvlan cannot talk to the interface below it
  PlaceBuilder(NetworkNamespace hostNamespace, List<IpAddress> ownAddresses) {
    this.hostNamespace = hostNamespace;
    this.ownAddresses = List.copyOf(ownAddresses);
  }

  /// Prepares the host's namespace for VIPs that live in it.
  void prepareHost() throws IOException {
    nonlocalBind(hostNamespace);
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
      attempts.on(() -> nonlocalBind(namespace));
      attempts.on(() -> answerOnlyForOwn(namespace));
      attempts.on(() -> linkToHost(place, namespace, host, inner));
      for (VipPlace.Seat seat : place.seats()) {
        attempts.on(
            () -> {
              linkToNetwork(seat, namespace, host, inner);
              routes(place, seat, inner);
            });
      }
      attempts.on(() -> takeAwayOthers(place, inner));
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
    boolean linked =
        host.link(place.hostLink()).isPresent() && inner.link(VipPlace.INNER_LINK).isPresent();
    if (!linked) {
      host.deleteLink(place.hostLink());
      host.createVeth(place.hostLink(), VipPlace.INNER_LINK, namespace);
    }
    int outside = host.indexOf(place.hostLink());
    int inside = inner.indexOf(VipPlace.INNER_LINK);
    for (Prefix address : hostAddresses(place)) {
      host.ensureAddress(outside, address);
    }
    for (Prefix address : innerAddresses(place)) {
      inner.ensureAddress(inside, address);
    }
    host.setUp(place.hostLink());
    inner.setUp(VipPlace.INNER_LINK);
    for (Route route : defaultRoutes(place)) {
      inner.ensureRoute(route);
    }
  }

  static List<Prefix> hostAddresses(VipPlace place) {
    return List.of(
        Prefix.parse(place.hostAddress() + "/30"), Prefix.parse(place.hostAddress6() + "/64"));
  }

  static List<Prefix> innerAddresses(VipPlace place) {
    return List.of(
        Prefix.parse(place.innerAddress() + "/30"), Prefix.parse(place.innerAddress6() + "/64"));
  }

  /// Everything that is not the VIP's own goes by way of the host.
  static List<Route> defaultRoutes(VipPlace place) {
    return List.of(
        route(Prefix.defaultRoute(false), place.hostAddress()),
        route(Prefix.defaultRoute(true), place.hostAddress6()));
  }

  private void linkToNetwork(
      VipPlace.Seat seat, NetworkNamespace namespace, RouteSocket host, RouteSocket inner)
      throws IOException {
    if (inner.link(seat.link()).isEmpty()) {
      host.createMacvlan(seat.link(), seat.parent(), namespace);
    }
    inner.setUp(seat.link());
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

  /// The load balancer listens on the VIP also where this controller does not hold it.
  private static void nonlocalBind(NetworkNamespace namespace) throws IOException {
    for (Map.Entry<String, String> setting : HOST_SETTINGS.entrySet()) {
      Sysctl.write(namespace, setting.getKey(), setting.getValue());
    }
  }

  private static void answerOnlyForOwn(NetworkNamespace namespace) throws IOException {
    for (Map.Entry<String, String> setting : INNER_SETTINGS.entrySet()) {
      Sysctl.write(namespace, setting.getKey(), setting.getValue());
    }
  }

  private static Route route(Prefix to, String via) {
    return Route.via(to, InetAddress.ofLiteral(via));
  }

  private static Prefix linux(IpPrefix prefix) {
    return Prefix.parse(prefix.toString());
  }
}
