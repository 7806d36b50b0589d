package io.trivet.daemon.vip;

import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.kernel.Difference;
import io.trivet.cluster.kernel.Difference.Found;
import io.trivet.cluster.kernel.Part;
import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.Sysctl;
import io.trivet.linux.route.InterfaceAddress;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import io.trivet.linux.route.Rule;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One look at one place: what should be there beside what is.
final class PlaceLook {
  private final OpenPlace open;
  private final PlaceBuilder builder;
  private final NetworkNamespace host;
  private final String where;
  private final List<Difference> differences = new ArrayList<>();
  private final Map<String, Link> hostLinks = new TreeMap<>();
  private final Map<String, Link> innerLinks = new TreeMap<>();

  PlaceLook(OpenPlace open, PlaceBuilder builder, NetworkNamespace host) {
    this.open = open;
    this.builder = builder;
    this.host = host;
    this.where = open.place().key();
  }

  /// Whether a difference is one of this place and Trivet's to put right.
  static boolean concerns(Difference difference, VipPlace place) {
    String key = place.key();
    return switch (difference.part()) {
      case Part.Uplink _, Part.Forwarding _ -> false;
      case Part.Namespace(String name) -> name.equals(key);
      case Part.MadeLink(String namespace, String name) ->
          namespace.equals(key) || name.equals(place.hostLink());
      case Part.Address(String namespace, String link, _) ->
          namespace.equals(key) || link.equals(place.hostLink()) || isNeededBy(difference, place);
      case Part.Route(String namespace, _) ->
          namespace.equals(key) || isNeededBy(difference, place);
      case Part.Rule(String namespace, _) -> namespace.equals(key);
      case Part.Setting(String namespace, _) -> namespace.equals(key);
      case Part.Guard(String namespace) -> namespace.equals(key);
    };
  }

  /// What is in the host may belong to a VIP in a namespace: the way to it, an address beside it.
  private static boolean isNeededBy(Difference difference, VipPlace place) {
    return place.seats().stream().anyMatch(seat -> difference.vips().contains(seat.vip()));
  }

  /// All that is not as it should be, most basic first.
  List<Difference> differences() throws IOException {
    open.host().links().forEach(link -> hostLinks.put(link.name(), link));
    open.inner().links().forEach(link -> innerLinks.put(link.name(), link));
    String namespace = open.place().namespace();
    settings();
    if (namespace != null) {
      if (!open.namespace().isNamed(namespace)) {
        add(new Part.Namespace(namespace), Found.GONE, all());
      }
      linkToHost();
    }
    for (VipPlace.Seat seat : open.place().seats()) {
      seat(seat);
    }
    guard();
    return differences;
  }

  /// Only the kernel parameters that are not as they should be.
  List<Difference> settingsOnly() throws IOException {
    settings();
    return differences;
  }

  private void settings() throws IOException {
    VipPlace place = open.place();
    settings(open.namespace(), where, PlaceBuilder.settings(place));
    settings(host, "", PlaceBuilder.linkSettings(place));
    if (place.namespace() == null) {
      for (VipPlace.Seat seat : place.seats()) {
        uplinkSettings(seat);
      }
    }
  }

  private void settings(NetworkNamespace in, String namespace, Map<String, String> wanted)
      throws IOException {
    Map<String, String> there = Sysctl.read(in, wanted.keySet());
    for (Map.Entry<String, String> setting : wanted.entrySet()) {
      String value = there.getOrDefault(setting.getKey(), setting.getValue());
      if (!value.equals(setting.getValue())) {
        setting(namespace, setting.getKey() + "=" + setting.getValue(), new TreeSet<>());
      }
    }
  }

  /// An interface of the operator's: with these the kernel would not answer for a VIP on it.
  private void uplinkSettings(VipPlace.Seat seat) throws IOException {
    SortedSet<String> vip = new TreeSet<>(List.of(seat.vip()));
    String off = PlaceBuilder.ipv6Off(seat.link());
    String all = "net/ipv4/conf/all/arp_ignore";
    String own = "net/ipv4/conf/" + seat.link() + "/arp_ignore";
    Map<String, String> there = Sysctl.read(host, List.of(off, all, own));
    boolean v6 = seat.addresses().stream().anyMatch(address -> address.address().isV6());
    if (v6 && !there.getOrDefault(off, "0").equals("0")) {
      setting("", off + "=0", vip);
    }
    // More than 1 asks whether the sender is of the address's network, which a VIP has none of.
    for (String name : List.of(all, own)) {
      if (v4(seat) && !List.of("0", "1").contains(there.getOrDefault(name, "0"))) {
        setting("", name + "=1", vip);
      }
    }
  }

  private static boolean v4(VipPlace.Seat seat) {
    return seat.addresses().stream().anyMatch(address -> !address.address().isV6());
  }

  private void setting(String namespace, String text, SortedSet<String> vips) {
    add(new Part.Setting(namespace, text.replace('/', '.')), Found.CHANGED, vips);
  }

  private void linkToHost() throws IOException {
    VipPlace place = open.place();
    boolean thereOutside = made(hostLinks, "", place.hostLink(), all());
    boolean thereInside = made(innerLinks, where, VipPlace.INNER_LINK, all());
    if (!thereOutside || !thereInside) {
      return;
    }
    Link out = link(hostLinks, place.hostLink());
    Link in = link(innerLinks, VipPlace.INNER_LINK);
    if (!PlaceBuilder.arePair(out, in)
        || !PlaceBuilder.isAsMade(out)
        || !PlaceBuilder.isAsMade(in)) {
      add(new Part.MadeLink("", place.hostLink()), Found.CHANGED, all());
      return;
    }
    List<InterfaceAddress> onHost = open.host().addresses();
    List<InterfaceAddress> inner = open.inner().addresses();
    boolean v6 = PlaceBuilder.hasIpv6(open.namespace());
    for (Prefix address : PlaceBuilder.hostAddresses(place, v6)) {
      address(onHost, "", place.hostLink(), out.index(), address, all());
    }
    for (Prefix address : PlaceBuilder.innerAddresses(place, v6)) {
      address(inner, where, VipPlace.INNER_LINK, in.index(), address, all());
    }
    List<Route> routes = open.inner().routes();
    for (Route route : PlaceBuilder.defaultRoutes(place, v6)) {
      route(routes, where, route, all());
    }
    List<Rule> rules = open.inner().rules();
    for (Rule rule : PlaceBuilder.mainRules(v6)) {
      rule(rules, rule, all());
    }
    for (Prefix address : PlaceBuilder.innerAddresses(place, v6)) {
      way("", open.host(), address.address(), out);
    }
    for (Prefix address : PlaceBuilder.hostAddresses(place, v6)) {
      way(where, open.inner(), address.address(), in);
    }
    for (InetAddress own : builder.ownAddresses()) {
      way(where, open.inner(), own, in);
    }
  }

  private void rule(List<Rule> rules, Rule wanted, SortedSet<String> vips) {
    boolean there =
        rules.stream().anyMatch(r -> r.from().equals(wanted.from()) && r.table() == wanted.table());
    if (!there) {
      add(new Part.Rule(where, wanted.toString()), Found.GONE, vips);
    }
  }

  /// A rule or a route of somebody else may come before ours: what counts is where the kernel sends
  /// a packet. Nothing of ours is wrong then, so there is nothing to put right.
  private void way(String namespace, RouteSocket from, InetAddress to, Link by) throws IOException {
    if (!routesAreWrong() && from.wayTo(to, null) != by.index()) {
      add(way(namespace, to, by), Found.CHANGED, all());
    }
  }

  private boolean routesAreWrong() {
    return differences.stream()
        .anyMatch(d -> d.part() instanceof Part.Route || d.part() instanceof Part.Rule);
  }

  private static Part way(String namespace, InetAddress to, Link by) {
    return new Part.Route(namespace, "to " + to.getHostAddress() + " by " + by.name());
  }

  private void seat(VipPlace.Seat seat) throws IOException {
    SortedSet<String> vip = new TreeSet<>(List.of(seat.vip()));
    Link parent = hostLinks.get(seat.parent());
    Part uplink = new Part.Uplink(seat.parent());
    if (parent == null || !parent.up() || !parent.carrier()) {
      Found found = parent == null ? Found.GONE : parent.up() ? Found.NO_CARRIER : Found.DOWN;
      add(uplink, found, vip);
      return;
    }
    if (isPort(parent) || open.place().namespace() == null && !parent.arp()) {
      add(uplink, Found.CHANGED, vip);
      return;
    }
    if (open.place().namespace() == null) {
      carried(seat, vip);
      return;
    }
    if (!made(innerLinks, where, seat.link(), vip)) {
      return;
    }
    Link made = link(innerLinks, seat.link());
    if (!PlaceBuilder.standsOn(made, parent) || !PlaceBuilder.isAsMade(made, parent.mtu())) {
      add(new Part.MadeLink(where, seat.link()), Found.CHANGED, vip);
      return;
    }
    carried(seat, vip);
  }

  /// Whether an interface was made a port of a bridge or a bond: it carries no addresses then.
  private boolean isPort(Link parent) {
    return hostLinks.values().stream()
        .anyMatch(link -> link.index() == parent.masterIndex() && !link.kind().equals("vrf"));
  }

  /// Addresses, routes and rules of a seat of which the link is well.
  private void carried(VipPlace.Seat seat, SortedSet<String> vip) throws IOException {
    int before = differences.size();
    boolean shown = open.shows(seat.vip());
    int link = index(innerLinks, seat.link());
    List<InterfaceAddress> addresses = open.inner().addresses();
    List<Route> onHost = open.place().namespace() == null ? List.of() : open.host().routes();
    List<VipAddresses.Stray> strays = VipAddresses.strays(open, seat);
    for (IpPrefix address : seat.addresses()) {
      Prefix wanted = VipAddresses.alone(address);
      if (shown) {
        address(addresses, where, seat.link(), link, wanted, vip);
      } else if (has(addresses, link, wanted)) {
        add(addressPart(where, seat.link(), wanted), Found.STRAY, vip);
      }
      if (shown && has(addresses, link, wanted) && !VipAddresses.isLocal(open, wanted)) {
        add(
            new Part.Route(where, "to " + wanted.address().getHostAddress() + " by lo"),
            Found.GONE,
            vip);
      }
      if (shown && open.place().namespace() != null) {
        route(onHost, "", VipAddresses.hostRoute(open.place(), address), vip);
      }
    }
    for (VipAddresses.Stray stray : strays) {
      stray(stray, vip);
    }
    if (open.place().namespace() != null) {
      routing(seat, shown, link, vip);
    }
    if (open.shows(seat.vip()) != shown) {
      // It changes now; the next look will see.
      differences.subList(before, differences.size()).clear();
    }
  }

  private void stray(VipAddresses.Stray stray, SortedSet<String> vip) {
    Map<String, Link> links = stray.inHost() ? hostLinks : innerLinks;
    String name =
        links.values().stream()
            .filter(link -> link.index() == stray.address().linkIndex())
            .map(Link::name)
            .findFirst()
            .orElse("link " + stray.address().linkIndex());
    String in = stray.inHost() ? "" : where;
    add(addressPart(in, name, stray.address().prefix()), Found.STRAY, vip);
  }

  /// While a VIP is not shown, the kernel itself takes the routes of its link away with the last
  /// address.
  private void routing(VipPlace.Seat seat, boolean shown, int link, SortedSet<String> vip)
      throws IOException {
    List<Rule> rules = open.inner().rules();
    for (Rule rule : PlaceBuilder.rules(seat)) {
      rule(rules, rule, vip);
    }
    if (shown && innerLinks.containsKey(VipPlace.INNER_LINK)) {
      List<Route> routes = open.inner().routes();
      int toHost = index(innerLinks, VipPlace.INNER_LINK);
      for (Route route : builder.routes(open.place(), seat, link, toHost)) {
        route(routes, where, route, vip);
      }
      Link out = link(innerLinks, seat.link());
      for (IpPrefix address : seat.addresses()) {
        InetAddress neighbour = neighbour(seat, address);
        InetAddress from = VipAddresses.inet(address.address());
        if (neighbour != null
            && differences.stream().noneMatch(d -> d.vips().containsAll(vip))
            && open.inner().wayTo(neighbour, from) != out.index()) {
          add(way(where, neighbour, out), Found.CHANGED, vip);
        }
      }
    }
  }

  /// Some address of the VIP's network that nothing but the network itself leads to.
  private @Nullable InetAddress neighbour(VipPlace.Seat seat, IpPrefix of) throws IOException {
    byte[] octets = VipAddresses.inet(of.network().address()).getAddress();
    int last = octets.length - 1;
    for (int host = 1; host < 255 && of.length() <= 8 * last; host++) {
      octets[last] = (byte) host;
      InetAddress candidate = InetAddress.getByAddress(octets);
      boolean known =
          builder.ownAddresses().contains(candidate)
              || open.place().guarded().stream()
                  .anyMatch(address -> VipAddresses.inet(address).equals(candidate));
      if (!known && seat.routes().isEmpty()) {
        return candidate;
      }
    }
    return null;
  }

  /// A link that is gone took its part of the guard with it, and both are put right together.
  private void guard() throws IOException {
    boolean linkGone =
        differences.stream()
            .anyMatch(
                d -> d.part() instanceof Part.MadeLink link && link.namespace().equals(where));
    String before = open.guardSeen().get();
    if (linkGone || sound(before)) {
      return;
    }
    String now = open.guardSeen().get();
    if (now.equals(before) || !sound(now)) {
      add(new Part.Guard(where), Found.CHANGED, all());
    }
  }

  private boolean sound(String seen) throws IOException {
    try {
      List<InetAddress> wanted = open.place().allGuarded();
      return open.look().look().equals(seen) && open.look().guarded().containsAll(wanted);
    } catch (ErrnoException e) {
      if (e.errno().equals(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private boolean made(
      Map<String, Link> links, String namespace, String name, SortedSet<String> vips) {
    Link link = links.get(name);
    if (link == null || !link.up()) {
      add(new Part.MadeLink(namespace, name), link == null ? Found.GONE : Found.DOWN, vips);
      return false;
    }
    return true;
  }

  private void address(
      List<InterfaceAddress> addresses,
      String namespace,
      String linkName,
      int link,
      Prefix wanted,
      SortedSet<String> vips) {
    if (!has(addresses, link, wanted)) {
      add(addressPart(namespace, linkName, wanted), Found.GONE, vips);
    }
  }

  private static boolean has(List<InterfaceAddress> addresses, int link, Prefix wanted) {
    return addresses.stream()
        .anyMatch(
            a ->
                a.linkIndex() == link
                    && a.prefix().equals(wanted)
                    && (a.flags() & InterfaceAddress.DAD_FAILED) == 0);
  }

  private static Part addressPart(String namespace, String link, Prefix address) {
    return new Part.Address(namespace, link, address.toString());
  }

  private void route(List<Route> routes, String namespace, Route wanted, SortedSet<String> vips) {
    boolean there =
        routes.stream()
            .anyMatch(
                r ->
                    r.destination().equals(wanted.destination())
                        && r.table() == wanted.table()
                        && sameGateway(r.gateway(), wanted.gateway())
                        && (wanted.linkIndex() == 0 || r.linkIndex() == wanted.linkIndex()));
    if (!there) {
      add(new Part.Route(namespace, wanted.toString()), Found.GONE, vips);
    }
  }

  private static boolean sameGateway(@Nullable InetAddress one, @Nullable InetAddress other) {
    return one == null ? other == null : one.equals(other);
  }

  private static Link link(Map<String, Link> links, String name) {
    Link link = links.get(name);
    if (link == null) {
      throw new IllegalStateException("no link " + name + " was seen");
    }
    return link;
  }

  private static int index(Map<String, Link> links, String name) {
    Link link = links.get(name);
    return link == null ? 0 : link.index();
  }

  private SortedSet<String> all() {
    return new TreeSet<>(open.vips());
  }

  private void add(Part part, Found found, SortedSet<String> vips) {
    differences.add(new Difference(part, found, vips));
  }
}
