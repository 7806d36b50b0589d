package io.trivet.daemon.vip;

import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.packet.Announcer;
import io.trivet.linux.route.RouteSocket;
import io.trivet.linux.sockdiag.SockDiag;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// One place with its open sockets. The namespace lives on while this is open, also without its
/// name.
///
/// @param guard the lease thread's; `look` is another socket for the same guard, so that nobody
///   waits for the other
/// @param shownAtNanos VIPs of which the addresses should be here now → since when
/// @param guardSeen what the guard looked like when it was put in place
record OpenPlace(
    VipPlace place,
    NetworkNamespace namespace,
    AddressGuard guard,
    AddressGuard look,
    RouteSocket inner,
    RouteSocket host,
    SockDiag sockets,
    Map<String, Announcer> announcers,
    Map<String, Long> shownAtNanos,
    AtomicReference<String> guardSeen) {
  /// @param table name of the guard's tables
  static OpenPlace open(
      VipPlace place, NetworkNamespace namespace, NetworkNamespace host, String table)
      throws LinuxException {
    return new OpenPlace(
        place,
        namespace,
        AddressGuard.open(namespace, table),
        AddressGuard.open(namespace, table),
        RouteSocket.open(namespace),
        RouteSocket.open(host),
        SockDiag.open(namespace),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(),
        new AtomicReference<>(""));
  }

  /// The same sockets for a place with other VIPs.
  OpenPlace with(VipPlace changed) {
    return new OpenPlace(
        changed, namespace, guard, look, inner, host, sockets, announcers, shownAtNanos, guardSeen);
  }

  /// Whether the addresses of the VIP should be here now.
  boolean shows(String vip) {
    return shownAtNanos.containsKey(vip);
  }

  /// The names of all VIPs here.
  List<String> vips() {
    return place.seats().stream().map(VipPlace.Seat::vip).toList();
  }

  void close() {
    announcers.values().forEach(Announcer::close);
    sockets.close();
    guard.close();
    look.close();
    inner.close();
    host.close();
    namespace.close();
  }
}
