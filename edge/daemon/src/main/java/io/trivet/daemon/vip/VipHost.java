package io.trivet.daemon.vip;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.daemon.lease.VipKernel;
import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.packet.Announcer;
import io.trivet.linux.route.InterfaceAddress;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import io.trivet.linux.sockdiag.SockDiag;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All VIPs of this controller in the kernel. [#reconfigure] makes their places and guards; from
/// then on no VIP is answered for without a lease, also when this process is gone.
///
/// The methods of [VipKernel] belong to the lease thread and never wait for the others; places may
/// be made and taken away on another thread meanwhile. A call that meets a place on its way out
/// fails with an [IOException].
public final class VipHost implements VipKernel, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VipHost.class);
  private static final String TABLE = "trivet";
  private static final int ANNOUNCEMENTS = 3;

  private final PlaceRegister register;
  private final NetworkNamespace host;
  private final PlaceBuilder builder;
  private final Forwarding forwarding;

  /// By [VipPlace#key]. Only with this object's lock.
  private final SortedMap<String, OpenPlace> places = new TreeMap<>();

  private List<Vip> vips = List.of();
  private PlaceNumbers numbers;

  /// By the VIP's name. Replaced as a whole, so that the lease thread needs no lock.
  private volatile SortedMap<String, OpenPlace> placeOfVip = new TreeMap<>();

  /// @param register remembers what Trivet made
  /// @param ownAddresses addresses of this controller
  /// @throws IOException when this process has not the rights for it
  public VipHost(PlaceRegister register, List<IpAddress> ownAddresses) throws IOException {
    this(register, ownAddresses, NetworkNamespace.current());
  }

  /// @param host the controller's own namespace
  VipHost(PlaceRegister register, List<IpAddress> ownAddresses, NetworkNamespace host)
      throws IOException {
    this.register = register;
    this.host = host;
    this.numbers = new PlaceNumbers(register.all());
    this.builder = new PlaceBuilder(host, ownAddresses);
    this.forwarding = new Forwarding(register, host, ownAddresses);
  }

  /// One place with its open sockets.
  private record OpenPlace(
      VipPlace place,
      NetworkNamespace namespace,
      AddressGuard guard,
      RouteSocket inner,
      RouteSocket host,
      SockDiag sockets,
      Map<String, Announcer> announcers) {
    /// The same sockets for a place with other VIPs.
    OpenPlace with(VipPlace changed) {
      return new OpenPlace(changed, namespace, guard, inner, host, sockets, announcers);
    }

    void close() {
      announcers.values().forEach(Announcer::close);
      sockets.close();
      guard.close();
      inner.close();
      host.close();
      namespace.close();
    }
  }

  /// What [#reconfigure] did.
  ///
  /// @param gone VIPs that are not here any more, or are here with other addresses or on another
  ///   link: each is dark and without its old addresses; whoever believed to hold it must be told
  public record Reconfigured(SortedSet<String> gone) {}

  /// Makes these the VIPs of this controller, as a difference: places, guards, addresses and leases
  /// of what did not change are not touched. What is gone is darkened, its addresses are taken
  /// away, then its place, unless others live there. What is new is made, dark.
  ///
  /// At the first call, whatever address of a VIP this controller still has from an earlier life is
  /// dark at once and taken away. May take some tenths of a second for a new namespace, and leaves
  /// the lease thread alone meanwhile.
  ///
  /// @throws IOException when a guard cannot be installed, or what is gone cannot be darkened; a
  ///   missing interface is no reason: the VIPs on it cannot be shown then
  public synchronized Reconfigured reconfigure(List<Vip> wanted) throws IOException {
    boolean first = places.isEmpty();
    PlaceNumbers covering = numbers.covering(wanted);
    keep(covering);
    SortedMap<String, VipPlace> next = new TreeMap<>();
    VipPlace.of(wanted, covering).forEach(place -> next.put(place.key(), place));
    TreeSet<String> gone = new TreeSet<>();
    for (OpenPlace open : List.copyOf(places.values())) {
      VipPlace after = next.get(open.place().key());
      for (VipPlace.Seat seat : open.place().seats()) {
        if (after == null || !after.seats().contains(seat)) {
          gone.add(seat.vip());
          takeAway(open, seat);
        }
      }
      if (after == null) {
        removePlace(open);
      }
    }
    for (VipPlace place : next.values()) {
      OpenPlace open = places.get(place.key());
      if (open == null) {
        add(open(place));
      } else if (!open.place().equals(place)) {
        add(changed(open, place));
      }
    }
    if (first) {
      removeLeftovers(covering, next);
    }
    numbers = covering.only(wanted);
    vips = List.copyOf(wanted);
    keep(numbers);
    forward();
    return new Reconfigured(gone);
  }

  private void keep(PlaceNumbers changed) throws IOException {
    SortedMap<String, Integer> all = register.all();
    all.keySet().removeIf(PlaceNumbers::isKey);
    all.putAll(changed.numbers());
    register.keep(all);
  }

  /// Lets packets of the links to namespaces through the host.
  private void forward() {
    List<String> links =
        places.values().stream()
            .map(OpenPlace::place)
            .filter(place -> place.namespace() != null)
            .map(VipPlace::hostLink)
            .toList();
    try {
      forwarding.put(links);
    } catch (IOException e) {
      LOG.error("The namespaces do not reach the other controllers: {}", e.getMessage());
    }
  }

  /// The VIPs in force.
  public synchronized List<Vip> vips() {
    return vips;
  }

  private OpenPlace open(VipPlace place) throws IOException {
    String name = place.namespace();
    NetworkNamespace namespace = name == null ? host.again() : NetworkNamespace.ensure(name);
    OpenPlace open =
        new OpenPlace(
            place,
            namespace,
            AddressGuard.open(namespace, TABLE),
            RouteSocket.open(namespace),
            RouteSocket.open(host),
            SockDiag.open(namespace),
            new ConcurrentHashMap<>());
    try {
      takeAwayStrays(open);
      open.guard().install(place.guarded().stream().map(VipHost::inet).toList());
      build(open);
      for (VipPlace.Seat seat : place.seats()) {
        removeAddresses(open, seat);
        endConnections(open, seat);
      }
      return open;
    } catch (IOException e) {
      open.close();
      throw e;
    }
  }

  /// Other VIPs in a place that stays: what is new is guarded before anything is made for it.
  private OpenPlace changed(OpenPlace before, VipPlace place) throws IOException {
    before.guard().setGuarded(place.guarded().stream().map(VipHost::inet).toList());
    OpenPlace open = before.with(place);
    build(open);
    for (VipPlace.Seat seat : place.seats()) {
      if (!before.place().seats().contains(seat)) {
        removeAddresses(open, seat);
      }
    }
    open.announcers()
        .forEach(
            (link, announcer) -> {
              if (!place.links().contains(link) && open.announcers().remove(link, announcer)) {
                announcer.close();
              }
            });
    return open;
  }

  /// Makes what a place needs beside its guard. What the kernel refuses is said, and no reason to
  /// stop: the guard is there.
  private void build(OpenPlace open) {
    VipPlace place = open.place();
    try {
      if (place.namespace() == null) {
        builder.prepareHost();
      } else {
        builder.build(place, open.namespace());
      }
      List<String> there = new ArrayList<>(place.links());
      there.retainAll(open.inner().links().stream().map(Link::name).toList());
      if (!open.guard().guardEgress(there)) {
        LOG.info(
            "This kernel cannot filter announcements on their way out; a frozen announcement could leave late");
      }
    } catch (IOException e) {
      LOG.error(
          "The place of the VIPs in {} is not complete: {}", open.namespace(), e.getMessage());
    }
  }

  private void add(OpenPlace open) {
    places.put(open.place().key(), open);
    publish();
  }

  private void publish() {
    SortedMap<String, OpenPlace> byVip = new TreeMap<>();
    places
        .values()
        .forEach(open -> open.place().seats().forEach(seat -> byVip.put(seat.vip(), open)));
    placeOfVip = byVip;
  }

  /// A VIP leaves: dark first, then without its addresses.
  private void takeAway(OpenPlace open, VipPlace.Seat seat) throws IOException {
    Attempts attempts = new Attempts();
    attempts.on(() -> open.guard().revoke(addresses(seat)));
    boolean hidden = attempts.on(() -> removeAddresses(open, seat));
    endConnections(open, seat);
    if (!hidden) {
      attempts.end();
    }
    LOG.info("VIP {} has left {}", seat.vip(), open.namespace());
  }

  private void removePlace(OpenPlace open) throws IOException {
    places.remove(open.place().key());
    publish();
    String namespace = open.place().namespace();
    if (namespace == null) {
      open.guard().remove();
    } else {
      builder.remove(namespace, open.place().hostLink());
      LOG.info("Removed the network namespace {}, no VIP lives in it any more", namespace);
    }
    open.close();
  }

  /// What an earlier run made and nobody wants any more.
  private void removeLeftovers(PlaceNumbers known, SortedMap<String, VipPlace> wanted)
      throws IOException {
    for (String namespace : known.namespaces()) {
      if (!wanted.containsKey(namespace)) {
        builder.remove(namespace, VipPlace.hostLink(known.ofNamespace(namespace)));
        LOG.info("Removed the network namespace {}, no VIP lives in it any more", namespace);
      }
    }
    if (!wanted.containsKey("")) {
      try (AddressGuard guard = AddressGuard.open(host, TABLE);
          RouteSocket route = RouteSocket.open(host)) {
        removeStrays(guard, route, List.of());
        guard.remove();
      }
    }
  }

  /// An address that an earlier guard kept dark and that is no VIP's any more is taken off the
  /// machine before the guard forgets it.
  private static void takeAwayStrays(OpenPlace open) throws LinuxException {
    removeStrays(
        open.guard(), open.inner(), open.place().guarded().stream().map(VipHost::inet).toList());
  }

  private static void removeStrays(AddressGuard guard, RouteSocket route, List<InetAddress> wanted)
      throws LinuxException {
    List<InetAddress> strays = new ArrayList<>();
    try {
      strays.addAll(guard.guarded());
    } catch (ErrnoException e) {
      if (!e.errno().equals(Errno.ENOENT)) {
        throw e;
      }
    }
    strays.removeAll(wanted);
    if (strays.isEmpty()) {
      return;
    }
    for (InterfaceAddress address : route.addresses()) {
      if (strays.contains(address.prefix().address())
          && address.prefix().equals(Prefix.host(address.prefix().address()))) {
        route.deleteAddress(address.linkIndex(), address.prefix());
      }
    }
  }

  @Override
  public void setKey(String vip, HoldCommit.Key key, long timeoutNanos) throws IOException {
    OpenPlace open = of(vip);
    AddressGuard.Key set =
        switch (key) {
          case FIRST -> AddressGuard.Key.LEASED;
          case SECOND -> AddressGuard.Key.CONFIRMED;
        };
    open.guard()
        .setKey(
            set, addresses(open.place().seat(vip)), TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
  }

  @Override
  public void clearKeys(String vip) throws IOException {
    OpenPlace open = of(vip);
    open.guard().revoke(addresses(open.place().seat(vip)));
  }

  @Override
  public void show(String vip) throws IOException {
    OpenPlace open = of(vip);
    VipPlace.Seat seat = open.place().seat(vip);
    int link = open.inner().indexOf(seat.link());
    for (IpPrefix address : seat.addresses()) {
      open.inner().ensureAddress(link, hostPrefix(address));
    }
    announce(vip);
    if (open.place().namespace() != null) {
      // The kernel dropped the IPv4 routes of the link when its last address left.
      int toHost = open.inner().indexOf(VipPlace.INNER_LINK);
      for (Route route : builder.routes(open.place(), seat, link, toHost)) {
        open.inner().ensureRoute(route);
      }
      for (IpPrefix address : seat.addresses()) {
        open.host().ensureRoute(hostRoute(open.place(), address));
      }
    }
  }

  @Override
  public void hide(String vip) throws IOException {
    OpenPlace open = of(vip);
    VipPlace.Seat seat = open.place().seat(vip);
    Attempts attempts = new Attempts();
    attempts.on(() -> removeAddresses(open, seat));
    int ended = endConnections(open, seat);
    if (ended > 0) {
      LOG.info("VIP {} is not here any more: ended {} connections", vip, ended);
    }
    attempts.end();
  }

  /// Takes the addresses off the machine, each whatever becomes of the others. A link that is gone
  /// has none.
  private static void removeAddresses(OpenPlace open, VipPlace.Seat seat) throws IOException {
    Attempts attempts = new Attempts();
    Optional<Link> link = open.inner().link(seat.link());
    for (IpPrefix address : seat.addresses()) {
      if (link.isPresent()) {
        attempts.on(() -> open.inner().deleteAddress(link.get().index(), hostPrefix(address)));
      }
      if (open.place().namespace() != null) {
        attempts.on(() -> open.host().deleteRoute(hostRoute(open.place(), address)));
      }
    }
    attempts.end();
  }

  private static int endConnections(OpenPlace open, VipPlace.Seat seat) {
    try {
      return open.sockets().destroyLocal(addresses(seat));
    } catch (LinuxException e) {
      LOG.warn("Connections to VIP {} were not ended: {}", seat.vip(), e.getMessage());
      return 0;
    }
  }

  @Override
  public void announce(String vip) throws IOException {
    OpenPlace open = of(vip);
    VipPlace.Seat seat = open.place().seat(vip);
    Announcer announcer = open.announcers().get(seat.link());
    if (announcer != null) {
      try {
        announceAll(announcer, seat);
        return;
      } catch (LinuxException e) {
        // The link may be another one of that name by now.
        open.announcers().remove(seat.link(), announcer);
        announcer.close();
      }
    }
    Announcer anew = Announcer.open(open.namespace(), seat.link());
    open.announcers().put(seat.link(), anew);
    announceAll(anew, seat);
  }

  private static void announceAll(Announcer announcer, VipPlace.Seat seat) throws LinuxException {
    for (InetAddress address : addresses(seat)) {
      announcer.announce(address, ANNOUNCEMENTS);
    }
  }

  @Override
  public synchronized void close() {
    List<OpenPlace> open = List.copyOf(places.values());
    places.clear();
    publish();
    open.forEach(OpenPlace::close);
    forwarding.close();
    host.close();
  }

  private OpenPlace of(String vip) throws IOException {
    OpenPlace open = placeOfVip.get(vip);
    if (open == null) {
      throw new IOException("VIP " + vip + " is not in the cluster file in force");
    }
    return open;
  }

  /// While this controller holds the VIP, its own processes reach it by the link: a macvlan is
  /// closed to the host below it.
  private static Route hostRoute(VipPlace place, IpPrefix address) {
    Prefix vip = hostPrefix(address);
    return Route.via(
        vip, InetAddress.ofLiteral(vip.v4() ? place.innerAddress() : place.innerAddress6()));
  }

  private static List<InetAddress> addresses(VipPlace.Seat seat) {
    return seat.addresses().stream().map(address -> inet(address.address())).toList();
  }

  private static Prefix hostPrefix(IpPrefix address) {
    return Prefix.host(inet(address.address()));
  }

  private static InetAddress inet(IpAddress address) {
    return InetAddress.ofLiteral(address.toString());
  }
}
