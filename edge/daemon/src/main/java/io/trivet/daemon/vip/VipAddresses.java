package io.trivet.daemon.vip;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.Prefix;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.route.InterfaceAddress;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The addresses of VIPs on the links of a controller: where they should be, and wherever somebody
/// put them.
///
/// The address of a VIP belongs on the link of its seat, alone (/32, /128), and nowhere else: on
/// another link, with another prefix length or in the host beside the namespace it would be
/// answered for by other means than its lease knows of.
final class VipAddresses {
  private static final int SECONDARY = 0x01; // IFA_F_SECONDARY

  private VipAddresses() {}

  /// An address of a VIP at a place where it must not be.
  ///
  /// @param inHost whether it is in the controller's own namespace, beside the VIP's
  record Stray(boolean inHost, InterfaceAddress address) {}

  /// All addresses of a VIP on this controller but the one of its seat.
  static List<Stray> strays(OpenPlace open, VipPlace.Seat seat) throws IOException {
    Optional<Link> link = open.inner().link(seat.link());
    int own = link.isPresent() ? link.get().index() : 0;
    List<Stray> strays = new ArrayList<>();
    for (Stray found : everywhere(open, seat)) {
      InterfaceAddress address = found.address();
      boolean right = !found.inHost() && address.linkIndex() == own && isAlone(address.prefix());
      if (!right) {
        strays.add(found);
      }
    }
    return strays;
  }

  private static List<Stray> everywhere(OpenPlace open, VipPlace.Seat seat) throws IOException {
    List<InetAddress> wanted = of(seat);
    List<Stray> found = new ArrayList<>();
    for (InterfaceAddress address : open.inner().addresses()) {
      if (wanted.contains(address.prefix().address())) {
        found.add(new Stray(false, address));
      }
    }
    if (open.place().namespace() != null) {
      for (InterfaceAddress address : open.host().addresses()) {
        if (wanted.contains(address.prefix().address())) {
          found.add(new Stray(true, address));
        }
      }
    }
    return found;
  }

  /// Whether the kernel takes packets to an address for its own: its route in the table `local` may
  /// be gone while the link still has it.
  static boolean isLocal(OpenPlace open, Prefix address) throws IOException {
    return open.inner().wayTo(address.address(), null) == open.inner().indexOf("lo");
  }

  /// Takes addresses off the seat's link that the kernel does not take for its own, so that they
  /// can be added anew, with their routes.
  static void removeDeaf(OpenPlace open, VipPlace.Seat seat) throws IOException {
    for (Stray found : everywhere(open, seat)) {
      Prefix prefix = found.address().prefix();
      if (!found.inHost() && isAlone(prefix) && !isLocal(open, prefix)) {
        open.inner().deleteAddress(found.address().linkIndex(), prefix);
      }
    }
  }

  /// Takes away what [#strays] finds.
  ///
  /// @throws IOException when one of them stays
  static void removeStrays(OpenPlace open, VipPlace.Seat seat) throws IOException {
    Attempts attempts = new Attempts();
    for (Stray stray : strays(open, seat)) {
      attempts.on(() -> takeOff(stray.inHost() ? open.host() : open.inner(), stray.address()));
    }
    attempts.end();
  }

  /// Takes every address of a VIP off the machine, wherever it is, each whatever becomes of the
  /// others, and the host's way to it.
  ///
  /// @throws IOException when one of them stays
  static void remove(OpenPlace open, VipPlace.Seat seat) throws IOException {
    remove(open, seat, everywhere(open, seat));
  }

  /// [#remove], but for addresses with the prefix length of a network: those are somebody else's,
  /// and no reason to refuse a cluster file.
  static void removeOwn(OpenPlace open, VipPlace.Seat seat) throws IOException {
    remove(
        open,
        seat,
        everywhere(open, seat).stream()
            .filter(found -> isAlone(found.address().prefix()))
            .toList());
  }

  private static void remove(OpenPlace open, VipPlace.Seat seat, List<Stray> which)
      throws IOException {
    Attempts attempts = new Attempts();
    for (Stray found : which) {
      attempts.on(() -> takeOff(found.inHost() ? open.host() : open.inner(), found.address()));
    }
    if (open.place().namespace() != null) {
      for (IpPrefix address : seat.addresses()) {
        attempts.on(() -> open.host().deleteRoute(hostRoute(open.place(), address)));
      }
    }
    attempts.end();
  }

  /// With the first IPv4 address of a network the kernel takes the others of that network off the
  /// link, the controller's own perhaps: that one stays, dark by the guard.
  private static void takeOff(RouteSocket route, InterfaceAddress address) throws IOException {
    Prefix prefix = address.prefix();
    if (!isAlone(prefix) && prefix.v4() && (address.flags() & SECONDARY) == 0) {
      for (InterfaceAddress other : route.addresses(address.linkIndex())) {
        if ((other.flags() & SECONDARY) != 0
            && other.prefix().length() == prefix.length()
            && IpPrefix.of(other.prefix().toString())
                .network()
                .equals(IpPrefix.of(prefix.toString()).network())) {
          throw new IOException(
              prefix + " stays, because the kernel would take " + other.prefix() + " with it");
        }
      }
    }
    route.deleteAddress(address.linkIndex(), prefix);
  }

  /// Addresses that an earlier guard kept dark and that nobody wants any more are taken off the
  /// machine before the guard forgets them, if they look like Trivet's.
  ///
  /// @param wanted those that a guard keeps dark from now on
  static void removeForgotten(AddressGuard guard, RouteSocket route, List<InetAddress> wanted)
      throws LinuxException {
    List<InetAddress> forgotten = new ArrayList<>();
    try {
      forgotten.addAll(guard.guarded());
    } catch (ErrnoException e) {
      if (!e.errno().equals(Errno.ENOENT)) {
        throw e;
      }
    }
    forgotten.removeAll(wanted);
    if (forgotten.isEmpty()) {
      return;
    }
    for (InterfaceAddress address : route.addresses()) {
      if (forgotten.contains(address.prefix().address()) && isAlone(address.prefix())) {
        route.deleteAddress(address.linkIndex(), address.prefix());
      }
    }
  }

  private static boolean isAlone(Prefix prefix) {
    return prefix.equals(Prefix.host(prefix.address()));
  }

  /// While this controller holds the VIP, its own processes reach it by the link: a macvlan is
  /// closed to the host below it.
  static Route hostRoute(VipPlace place, IpPrefix address) {
    Prefix vip = alone(address);
    return Route.via(
        vip, InetAddress.ofLiteral(vip.v4() ? place.innerAddress() : place.innerAddress6()));
  }

  static List<InetAddress> of(VipPlace.Seat seat) {
    return seat.addresses().stream().map(address -> inet(address.address())).toList();
  }

  /// As a seat's link has it: /32, /128.
  static Prefix alone(IpPrefix address) {
    return Prefix.host(inet(address.address()));
  }

  static InetAddress inet(IpAddress address) {
    return InetAddress.ofLiteral(address.toString());
  }
}
