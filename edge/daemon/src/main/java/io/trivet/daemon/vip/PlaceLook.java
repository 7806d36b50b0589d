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

  /// Whether a part is one of this place and Trivet's to put right.
  static boolean concerns(Part part, VipPlace place) {
    String key = place.key();
    return switch (part) {
      case Part.Uplink _, Part.Forwarding _ -> false;
      case Part.Namespace(String name) -> name.equals(key);
      case Part.MadeLink(String namespace, String name) ->
          namespace.equals(key) || name.equals(place.hostLink());
      case Part.Address(String namespace, String link, _) ->
          namespace.equals(key) || link.equals(place.hostLink());
      case Part.Route(String namespace, _) -> namespace.equals(key);
      case Part.Rule(String namespace, _) -> namespace.equals(key);
      case Part.Setting(String namespace, _) -> namespace.equals(key);
      case Part.Guard(String namespace) -> namespace.equals(key);
    };
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

  private void settings() throws IOException {
    NetworkNamespace in = open.place().namespace() == null ? host : open.namespace();
    Map<String, String> wanted = new TreeMap<>(PlaceBuilder.HOST_SETTINGS);
    if (open.place().namespace() != null) {
      wanted.putAll(PlaceBuilder.INNER_SETTINGS);
    }
    for (Map.Entry<String, String> setting : wanted.entrySet()) {
      if (!Sysctl.read(in, setting.getKey()).equals(setting.getValue())) {
        String text = setting.getKey() + "=" + setting.getValue();
        add(new Part.Setting(where, text), Found.CHANGED, new TreeSet<>());
      }
    }
  }

  private void linkToHost() throws IOException {
    VipPlace place = open.place();
    boolean thereOutside = made(hostLinks, "", place.hostLink(), all());
    boolean thereInside = made(innerLinks, where, VipPlace.INNER_LINK, all());
    if (!thereOutside || !thereInside) {
      return;
    }
    int outside = index(hostLinks, place.hostLink());
    int inside = index(innerLinks, VipPlace.INNER_LINK);
    List<InterfaceAddress> onHost = open.host().addresses();
    List<InterfaceAddress> inner = open.inner().addresses();
    for (Prefix address : PlaceBuilder.hostAddresses(place)) {
      address(onHost, "", place.hostLink(), outside, address, all());
    }
    for (Prefix address : PlaceBuilder.innerAddresses(place)) {
      address(inner, where, VipPlace.INNER_LINK, inside, address, all());
    }
    List<Route> routes = open.inner().routes();
    for (Route route : PlaceBuilder.defaultRoutes(place)) {
      route(routes, where, route, all());
    }
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
    if (open.place().namespace() != null && !made(innerLinks, where, seat.link(), vip)) {
      return;
    }
    boolean shown = open.shows(seat.vip());
    int link = index(innerLinks, seat.link());
    List<InterfaceAddress> addresses = open.inner().addresses();
    List<Route> onHost = open.place().namespace() == null ? List.of() : open.host().routes();
    if (open.shows(seat.vip()) != shown) {
      return; // it changes now; the next look will see
    }
    for (IpPrefix address : seat.addresses()) {
      Prefix wanted = Prefix.host(InetAddress.ofLiteral(address.address().toString()));
      if (shown) {
        address(addresses, where, seat.link(), link, wanted, vip);
      } else if (has(addresses, link, wanted)) {
        add(addressPart(where, seat.link(), wanted), Found.STRAY, vip);
      }
      if (shown && open.place().namespace() != null) {
        route(onHost, "", VipHost.hostRoute(open.place(), address), vip);
      }
    }
    if (open.place().namespace() != null) {
      routing(seat, shown, link, vip);
    }
  }

  /// While a VIP is not shown, the kernel itself takes the routes of its link away with the last
  /// address.
  private void routing(VipPlace.Seat seat, boolean shown, int link, SortedSet<String> vip)
      throws IOException {
    List<Rule> rules = open.inner().rules();
    for (Rule rule : PlaceBuilder.rules(seat)) {
      boolean there =
          rules.stream().anyMatch(r -> r.from().equals(rule.from()) && r.table() == rule.table());
      if (!there) {
        add(new Part.Rule(where, rule.toString()), Found.GONE, vip);
      }
    }
    if (shown && innerLinks.containsKey(VipPlace.INNER_LINK)) {
      List<Route> routes = open.inner().routes();
      int toHost = index(innerLinks, VipPlace.INNER_LINK);
      for (Route route : builder.routes(open.place(), seat, link, toHost)) {
        route(routes, where, route, vip);
      }
    }
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
      List<InetAddress> wanted =
          open.place().guarded().stream()
              .map(address -> InetAddress.ofLiteral(address.toString()))
              .toList();
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
