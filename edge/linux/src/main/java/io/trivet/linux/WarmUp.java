package io.trivet.linux;

import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.packet.Announcer;
import io.trivet.linux.process.RawClock;
import io.trivet.linux.process.SuspendWatch;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import io.trivet.linux.route.Rule;
import io.trivet.linux.sockdiag.SockDiag;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/// Does everything that must be quick once, for practice, in a namespace without a name that is
/// gone afterwards: links the native calls, loads the classes, and gives the compiler something to
/// see. The first real use is then as quick as the later ones.
public final class WarmUp {
  private static final int ROUNDS = 5;
  private static final int SCRATCH_TABLE = 5000;

  private WarmUp() {}

  /// Takes some tenths of a second; touches nothing outside its own namespace.
  public static void run() throws LinuxException {
    InetAddress v4 = InetAddress.ofLiteral("192.0.2.1"); // RFC 5737
    InetAddress v6 = InetAddress.ofLiteral("2001:db8::1"); // RFC 3849
    List<InetAddress> both = List.of(v4, v6);
    try (NetworkNamespace namespace = NetworkNamespace.createUnnamed();
        RouteSocket route = RouteSocket.open(namespace);
        AddressGuard guard = AddressGuard.open(namespace, "warmup");
        SockDiag sockets = SockDiag.open(namespace)) {
      route.setUp("lo");
      int link = route.indexOf("lo");
      guard.install(both);
      guard.guardEgress(List.of("lo"));
      try (Announcer announcer = Announcer.open(namespace, "lo")) {
        for (int i = 0; i < ROUNDS; i++) {
          round(route, guard, announcer, link, both);
        }
      }
      guard.leased();
      route.addresses();
      sockets.destroyLocal(Set.of(v4));
      RawClock.nanos();
      new SuspendWatch();
    }
  }

  private static void round(
      RouteSocket route,
      AddressGuard guard,
      Announcer announcer,
      int link,
      List<InetAddress> addresses)
      throws LinuxException {
    for (InetAddress address : addresses) {
      Prefix host = Prefix.host(address);
      Rule rule = new Rule(host, SCRATCH_TABLE, 0);
      guard.lease(address, 100);
      for (AddressGuard.Key key : AddressGuard.Key.values()) {
        guard.setKey(key, addresses, 100);
      }
      route.ensureAddress(link, host);
      route.ensureRoute(Route.onLink(host, link).inTable(SCRATCH_TABLE));
      route.ensureRule(rule);
      announcer.announce(address, 1);
      guard.revoke(addresses);
      route.deleteRule(rule);
      route.deleteAddress(link, host);
    }
  }
}
