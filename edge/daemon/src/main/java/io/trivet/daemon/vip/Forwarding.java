package io.trivet.daemon.vip;

import io.trivet.cluster.IpAddress;
import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.Sysctl;
import io.trivet.linux.nftables.LinkRules;
import io.trivet.linux.route.InterfaceAddress;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Lets packets of the links to namespaces through the controller, and no others.
///
/// The load balancer in a namespace reaches the other controllers by way of the host, with the
/// host's address. Answers come in by the interface that this address is on (or the one of the
/// default route), so that interface and the links must forward. A controller that was no router
/// does not become one: what an interface forwards only since Trivet asked for it is dropped unless
/// it goes to a link of Trivet's. Where forwarding is on for all (`net.ipv4.ip_forward`,
/// `net.ipv6.conf.all.forwarding`), the operator wants a router, and nothing is dropped.
///
/// IPv6 has one switch for all interfaces. Turning it on makes each of them a router's, which no
/// longer listens to router advertisements; what was a host's interface is set back at once, and
/// forwards all the same.
final class Forwarding implements AutoCloseable {
  static final String TABLE = "trivet_link";
  private static final String TURNED_ON = "forwarding ";
  private static final String ALL4 = "net.ipv4.ip_forward";
  private static final String ALL6 = "net.ipv6.conf.all.forwarding";

  /// What a rule about the links would contain: their names, their network.
  private static final List<byte[]> NAMED =
      List.of(
          VipPlace.HOST_LINKS.getBytes(StandardCharsets.US_ASCII),
          new byte[] {(byte) 169, (byte) 254, 78});

  private final PlaceRegister register;
  private final NetworkNamespace host;
  private final List<IpAddress> ownAddresses;
  private final LinkRules rules;
  private final RouteSocket route;
  private final TreeSet<String> on = new TreeSet<>();
  private LinkRules.@Nullable Wanted wanted;
  private String installed = "";

  /// @param ownAddresses addresses by which the other controllers know this one; their families are
  ///   those that backends are reached by
  Forwarding(PlaceRegister register, NetworkNamespace host, List<IpAddress> ownAddresses)
      throws IOException {
    this.register = register;
    this.host = host;
    this.ownAddresses = List.copyOf(ownAddresses);
    this.rules = LinkRules.open(host, TABLE);
    this.route = RouteSocket.open(host);
  }

  /// Puts everything in place for these links; nothing that is right is touched.
  ///
  /// @param links the host's ends; when there are none, everything is taken back
  /// @param change false only looks
  /// @return what was not as it should be, for people
  List<String> put(List<String> links, boolean change) throws IOException {
    if (links.isEmpty()) {
      on.clear();
      if (change) {
        takeBack();
      }
      return List.of();
    }
    List<String> changed = new ArrayList<>();
    SortedMap<String, Integer> turnedOn = turnedOn();
    on.clear();
    if (family(false)) {
      for (String link : links) {
        set("net/ipv4/conf/" + link + "/forwarding", change, changed);
      }
      for (String uplink : uplinks()) {
        String name = "net/ipv4/conf/" + uplink + "/forwarding";
        if (!Sysctl.read(host, name).equals("1")) {
          turnedOn.put(TURNED_ON + uplink, 4);
          if (change) {
            keep(turnedOn);
          }
          set(name, change, changed);
        }
        on.add(name);
      }
    }
    if (family(true)) {
      on.add(ALL6);
    }
    if (family(true) && !Sysctl.read(host, ALL6).equals("1")) {
      turnedOn.put(TURNED_ON, 6);
      if (change) {
        keep(turnedOn);
        forwardIpv6();
      }
      changed.add(ALL6 + "=1");
    }
    rules(turnedOn, change, changed);
    if (!change) {
      rules.droppedBy(NAMED).forEach(chain -> changed.add("chain " + chain + " drops it"));
    }
    return List.copyOf(changed);
  }

  /// The parameters among it that are not as they were made.
  List<String> settings() throws IOException {
    List<String> wrong = new ArrayList<>();
    Sysctl.read(host, on)
        .forEach(
            (name, value) -> {
              if (!value.equals("1")) {
                wrong.add(name.replace('/', '.') + "=1");
              }
            });
    return wrong;
  }

  private boolean family(boolean v6) {
    return ownAddresses.stream().anyMatch(address -> address.isV6() == v6);
  }

  private void rules(SortedMap<String, Integer> turnedOn, boolean change, List<String> changed)
      throws IOException {
    boolean router4 = Sysctl.read(host, ALL4).equals("1");
    List<String> restricted =
        router4
            ? List.of()
            : turnedOn.entrySet().stream()
                .filter(entry -> entry.getValue() == 4)
                .map(entry -> entry.getKey().substring(TURNED_ON.length()))
                .toList();
    LinkRules.Wanted now =
        new LinkRules.Wanted(
            List.of(Prefix.parse(VipPlace.LINK_NETWORK), Prefix.parse(VipPlace.LINK_NETWORK6)),
            VipPlace.HOST_LINKS,
            restricted,
            turnedOn.containsValue(6));
    if (now.equals(wanted) && installed.equals(rules.look())) {
      return;
    }
    changed.add("the nftables tables " + TABLE);
    if (change) {
      rules.install(now);
      wanted = now;
      installed = rules.look();
    }
  }

  /// The interfaces that answers of other controllers come in by.
  private SortedSet<String> uplinks() throws IOException {
    List<InetAddress> own =
        ownAddresses.stream().map(address -> InetAddress.ofLiteral(address.toString())).toList();
    TreeSet<Integer> indexes = new TreeSet<>();
    for (InterfaceAddress address : route.addresses()) {
      if (own.contains(address.prefix().address())) {
        indexes.add(address.linkIndex());
      }
    }
    for (Route known : route.routes()) {
      if (known.table() == Route.MAIN
          && known.destination().length() == 0
          && known.destination().v4()) {
        indexes.add(known.linkIndex());
      }
    }
    TreeSet<String> names = new TreeSet<>();
    for (Link link : route.links()) {
      if (indexes.contains(link.index()) && !link.name().equals("lo")) {
        names.add(link.name());
      }
    }
    return names;
  }

  private void forwardIpv6() throws IOException {
    List<String> hosts = new ArrayList<>();
    for (Link link : route.links()) {
      String name = "net/ipv6/conf/" + link.name() + "/forwarding";
      if (!link.name().startsWith(VipPlace.HOST_LINKS) && Sysctl.read(host, name).equals("0")) {
        hosts.add(name);
      }
    }
    String ofNewLinks = Sysctl.read(host, "net.ipv6.conf.default.forwarding");
    Sysctl.write(host, ALL6, "1");
    Sysctl.write(host, "net.ipv6.conf.default.forwarding", ofNewLinks);
    for (String name : hosts) {
      Sysctl.write(host, name, "0");
    }
  }

  /// A link that is gone forwards nothing, and is put right by others.
  private void set(String name, boolean change, List<String> changed) throws IOException {
    try {
      on.add(name);
      if (!Sysctl.read(host, name).equals("1")) {
        changed.add(name.replace('/', '.') + "=1");
        if (change) {
          Sysctl.write(host, name, "1");
        }
      }
    } catch (ErrnoException e) {
      if (!e.errno().equals(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /// What Trivet turned on is turned off, so that a controller without namespaces is as it was.
  private void takeBack() throws IOException {
    SortedMap<String, Integer> turnedOn = turnedOn();
    for (String key : turnedOn.keySet()) {
      String uplink = key.substring(TURNED_ON.length());
      String name = uplink.isEmpty() ? ALL6 : "net/ipv4/conf/" + uplink + "/forwarding";
      if (!Sysctl.read(host, ALL4).equals("1") || uplink.isEmpty()) {
        Sysctl.write(host, name, "0");
      }
    }
    if (wanted != null || !turnedOn.isEmpty()) {
      rules.remove();
      wanted = null;
    }
    keep(new TreeMap<>());
  }

  private SortedMap<String, Integer> turnedOn() {
    SortedMap<String, Integer> all = register.all();
    all.keySet().removeIf(key -> !key.startsWith(TURNED_ON));
    return all;
  }

  private void keep(SortedMap<String, Integer> turnedOn) throws IOException {
    SortedMap<String, Integer> all = register.all();
    all.keySet().removeIf(key -> key.startsWith(TURNED_ON));
    all.putAll(turnedOn);
    register.keep(all);
  }

  int portId() throws IOException {
    return rules.portId();
  }

  @Override
  public void close() {
    rules.close();
    route.close();
  }
}
