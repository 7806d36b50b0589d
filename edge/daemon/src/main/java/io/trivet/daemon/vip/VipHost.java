package io.trivet.daemon.vip;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.daemon.lease.VipKernel;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.packet.Announcer;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import io.trivet.linux.sockdiag.SockDiag;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All VIPs of this controller in the kernel. [#configure] makes their places and guards; from then
/// on no VIP is answered for without a lease, also when this process is gone. Not thread-safe:
/// belongs to the lease thread.
public final class VipHost implements VipKernel, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VipHost.class);
  private static final String TABLE = "trivet";
  private static final int ANNOUNCEMENTS = 3;

  private final NamespaceRegister register;
  private final PlaceBuilder builder;
  private final Map<String, OpenPlace> placeOfVip = new TreeMap<>();
  private final List<OpenPlace> places = new ArrayList<>();

  /// @param register remembers which namespaces are Trivet's own
  /// @param ownAddresses addresses of this controller
  public VipHost(NamespaceRegister register, List<IpAddress> ownAddresses) {
    this.register = register;
    this.builder = new PlaceBuilder(ownAddresses);
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
    VipPlace.Seat seat(String vip) {
      return place.seats().stream().filter(s -> s.vip().equals(vip)).findFirst().orElseThrow();
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

  /// Makes the places of these VIPs: guards first, then what is missing, then away with what nobody
  /// wants any more. Whatever address of a VIP this controller still has from an earlier life is
  /// dark at once and taken away.
  public void configure(List<Vip> vips) throws IOException {
    close();
    TreeSet<String> wanted = new TreeSet<>();
    for (VipPlace place : VipPlace.of(vips)) {
      OpenPlace open = open(place);
      places.add(open);
      place.seats().forEach(seat -> placeOfVip.put(seat.vip(), open));
      String namespace = place.namespace();
      if (namespace != null) {
        wanted.add(namespace);
        register.add(namespace, place.hostLink());
      }
      for (VipPlace.Seat seat : place.seats()) {
        hide(seat.vip());
      }
    }
    for (Map.Entry<String, String> old : register.all().entrySet()) {
      if (!wanted.contains(old.getKey())) {
        PlaceBuilder.remove(old.getKey(), old.getValue());
        register.remove(old.getKey());
        LOG.info("Removed the network namespace {}, no VIP lives in it any more", old.getKey());
      }
    }
  }

  private OpenPlace open(VipPlace place) throws IOException {
    String name = place.namespace();
    NetworkNamespace namespace =
        name == null ? NetworkNamespace.current() : NetworkNamespace.ensure(name);
    AddressGuard guard = AddressGuard.open(namespace, TABLE);
    guard.install(place.guarded().stream().map(VipHost::inet).toList());
    if (name == null) {
      PlaceBuilder.prepareHost();
    } else {
      builder.build(place, name);
    }
    List<String> links = place.seats().stream().map(VipPlace.Seat::link).distinct().toList();
    if (!guard.guardEgress(links)) {
      LOG.info(
          "This kernel cannot filter announcements on their way out; a frozen announcement could leave late");
    }
    Map<String, Announcer> announcers = new TreeMap<>();
    for (String link : links) {
      announcers.put(link, Announcer.open(namespace, link));
    }
    return new OpenPlace(
        place,
        namespace,
        guard,
        RouteSocket.open(namespace),
        RouteSocket.open(NetworkNamespace.current()),
        SockDiag.open(namespace),
        announcers);
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
        .setKey(set, addresses(open.seat(vip)), TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
  }

  @Override
  public void clearKeys(String vip) throws IOException {
    OpenPlace open = of(vip);
    open.guard().revoke(addresses(open.seat(vip)));
  }

  @Override
  public void show(String vip) throws IOException {
    OpenPlace open = of(vip);
    VipPlace.Seat seat = open.seat(vip);
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
    VipPlace.Seat seat = open.seat(vip);
    int link = open.inner().indexOf(seat.link());
    for (IpPrefix address : seat.addresses()) {
      if (open.place().namespace() != null) {
        open.host().deleteRoute(hostRoute(open.place(), address));
      }
      open.inner().deleteAddress(link, hostPrefix(address));
    }
    int ended = open.sockets().destroyLocal(addresses(seat));
    if (ended > 0) {
      LOG.info("VIP {} is not here any more: ended {} connections", vip, ended);
    }
  }

  @Override
  public void announce(String vip) throws IOException {
    OpenPlace open = of(vip);
    VipPlace.Seat seat = open.seat(vip);
    Announcer announcer = open.announcers().get(seat.link());
    if (announcer != null) {
      for (InetAddress address : addresses(seat)) {
        announcer.announce(address, ANNOUNCEMENTS);
      }
    }
  }

  @Override
  public void close() {
    places.forEach(OpenPlace::close);
    places.clear();
    placeOfVip.clear();
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

  /// Which namespaces Trivet made, kept where a restarted daemon finds it.
  public interface NamespaceRegister {
    /// Namespace → its link on the host.
    Map<String, String> all();

    void add(String namespace, String hostLink) throws IOException;

    void remove(String namespace) throws IOException;
  }
}
