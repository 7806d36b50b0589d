package io.trivet.linux.route;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MacAddress;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.netlink.MessageWriter;
import io.trivet.linux.netlink.NetlinkSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Links, addresses, routes, rules and neighbours of one network namespace, over rtnetlink.
///
/// Needs CAP_NET_ADMIN for changes. Every method is one request or one dump and returns when the
/// kernel has done it; an [ErrnoException] carries the kernel's own reason. Methods whose name
/// begins with `ensure` or that say so take "exists already" or "is gone already" for success, and
/// are safe to repeat. Thread-safe.
public final class RouteSocket implements AutoCloseable {
  private static final int CREATE_NEW = NetlinkSocket.CREATE | NetlinkSocket.EXCL;

  /// ENETUNREACH, EHOSTUNREACH, and what routes of the types prohibit and blackhole say.
  private static final Set<Errno> NO_WAY =
      Set.of(new Errno(101), new Errno(113), Errno.EACCES, Errno.EINVAL);

  private static final int MAX_NAME = 15; // IFNAMSIZ with its zero

  private final NetlinkSocket socket;

  private RouteSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// Opens a socket into a namespace; the namespace may be closed afterwards.
  public static RouteSocket open(NetworkNamespace namespace) throws LinuxException {
    return new RouteSocket(NetlinkSocket.open(namespace, NetlinkSocket.ROUTE, 0));
  }

  // ---- links

  /// All links, by index.
  public List<Link> links() throws LinuxException {
    return socket.dump(
        RouteCodec.GETLINK,
        "list links",
        out -> RouteCodec.linkHeader(out, 0, 0, 0, 0),
        RouteCodec::link);
  }

  /// One link by its name; empty when there is none.
  public Optional<Link> link(String name) throws LinuxException {
    checkName(name);
    try {
      return Optional.of(
          socket.get(
              RouteCodec.GETLINK,
              "look up link " + name,
              out -> RouteCodec.linkHeader(out, 0, 0, 0, 0).attribute(RouteCodec.IFLA_IFNAME, name),
              RouteCodec::link));
    } catch (ErrnoException e) {
      if (e.errno().equals(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// The index of a link.
  ///
  /// @throws ErrnoException ENODEV when there is none of that name
  public int indexOf(String name) throws LinuxException {
    return link(name)
        .orElseThrow(() -> new ErrnoException(Errno.ENODEV, "find link " + name))
        .index();
  }

  public void setUp(String name) throws LinuxException {
    changeLink(name, "set link " + name + " up", RouteCodec.IFF_UP, RouteCodec.IFF_UP, out -> {});
  }

  public void setDown(String name) throws LinuxException {
    changeLink(name, "set link " + name + " down", 0, RouteCodec.IFF_UP, out -> {});
  }

  /// Lets the kernel answer ARP and neighbour discovery on a link, or not.
  public void setArp(String name, boolean answers) throws LinuxException {
    changeLink(
        name,
        "set ARP of link " + name + (answers ? " on" : " off"),
        answers ? 0 : RouteCodec.IFF_NOARP,
        RouteCodec.IFF_NOARP,
        out -> {});
  }

  /// Renames a link; most kernels want it down for that.
  public void rename(String name, String newName) throws LinuxException {
    checkName(newName);
    int index = indexOf(name);
    socket.request(
        RouteCodec.SETLINK,
        0,
        "rename link " + name + " to " + newName,
        out ->
            RouteCodec.linkHeader(out, 0, index, 0, 0).attribute(RouteCodec.IFLA_IFNAME, newName));
  }

  public void setMac(String name, MacAddress mac) throws LinuxException {
    changeLink(
        name,
        "set the Ethernet address of link " + name + " to " + mac,
        0,
        0,
        out -> out.attribute(RouteCodec.IFLA_ADDRESS, mac.octets()));
  }

  public void setMtu(String name, int mtu) throws LinuxException {
    changeLink(
        name,
        "set the MTU of link " + name + " to " + mtu,
        0,
        0,
        out -> out.attributeU32(RouteCodec.IFLA_MTU, mtu));
  }

  /// Makes a link a port of a bridge, or of none when `master` is null.
  public void setMaster(String name, @Nullable String master) throws LinuxException {
    int index = master == null ? 0 : indexOf(master);
    changeLink(
        name,
        "make link " + name + " a port of " + master,
        0,
        0,
        out -> out.attributeU32(RouteCodec.IFLA_MASTER, index));
  }

  /// Moves a link into another namespace, where it arrives down and without addresses.
  public void moveTo(String name, NetworkNamespace target) throws LinuxException {
    changeLink(
        name,
        "move link " + name + " into " + target,
        0,
        0,
        out -> out.attributeU32(RouteCodec.IFLA_NET_NS_FD, target.fd()));
  }

  /// The spanning tree states of a bridge port (linux/if_bridge.h).
  public enum PortState {
    /// Nothing passes, while the cable still seems plugged in.
    DISABLED(0),
    LISTENING(1),
    LEARNING(2),
    FORWARDING(3),
    BLOCKING(4);

    private final int number;

    PortState(int number) {
      this.number = number;
    }
  }

  /// Sets the state of a bridge port; carrier on the other end of the cable stays.
  public void setPortState(String name, PortState state) throws LinuxException {
    int index = indexOf(name);
    socket.request(
        RouteCodec.SETLINK,
        0,
        "set bridge port " + name + " " + state,
        out -> {
          RouteCodec.linkHeader(out, RouteCodec.AF_BRIDGE, index, 0, 0);
          int nest = out.beginNest(RouteCodec.IFLA_PROTINFO | MessageWriter.NESTED);
          out.attributeU8(1, state.number).endNest(nest); // IFLA_BRPORT_STATE
        });
  }

  /// Makes a bridge, without spanning tree.
  public void createBridge(String name) throws LinuxException {
    createLink(
        "make bridge " + name,
        out -> {
          header(out, name);
          int info = out.beginNest(RouteCodec.IFLA_LINKINFO);
          out.attribute(1, "bridge").endNest(info);
        });
  }

  /// Makes a pair of veth links: `name` here and `peer` in `peerNamespace` (null: also here).
  public void createVeth(String name, String peer, @Nullable NetworkNamespace peerNamespace)
      throws LinuxException {
    checkName(peer);
    createLink(
        "make the veth pair " + name + " and " + peer,
        out -> {
          header(out, name);
          int info = out.beginNest(RouteCodec.IFLA_LINKINFO);
          out.attribute(1, "veth");
          int data = out.beginNest(2);
          int other = out.beginNest(1); // VETH_INFO_PEER
          header(out, peer);
          if (peerNamespace != null) {
            out.attributeU32(RouteCodec.IFLA_NET_NS_FD, peerNamespace.fd());
          }
          out.endNest(other).endNest(data).endNest(info);
        });
  }

  /// Makes a macvlan link in bridge mode on top of `parent`, at once in `namespace` (null: here).
  public void createMacvlan(String name, String parent, @Nullable NetworkNamespace namespace)
      throws LinuxException {
    int index = indexOf(parent);
    createLink(
        "make macvlan " + name + " on " + parent,
        out -> {
          header(out, name).attributeU32(RouteCodec.IFLA_LINK, index);
          if (namespace != null) {
            out.attributeU32(RouteCodec.IFLA_NET_NS_FD, namespace.fd());
          }
          int info = out.beginNest(RouteCodec.IFLA_LINKINFO);
          out.attribute(1, "macvlan");
          int data = out.beginNest(2);
          out.attributeU32(1, Link.MACVLAN_BRIDGE).endNest(data).endNest(info);
        });
  }

  /// Deletes a link; none of that name is no error.
  public void deleteLink(String name) throws LinuxException {
    checkName(name);
    tolerating(
        Errno.ENODEV,
        () ->
            socket.request(RouteCodec.DELLINK, 0, "delete link " + name, out -> header(out, name)));
  }

  // ---- addresses

  /// All addresses, both families.
  public List<InterfaceAddress> addresses() throws LinuxException {
    return socket.dump(
        RouteCodec.GETADDR, "list addresses", out -> out.u32(0).u32(0), RouteCodec::address);
  }

  /// The addresses of one link.
  public List<InterfaceAddress> addresses(int linkIndex) throws LinuxException {
    return addresses().stream().filter(address -> address.linkIndex() == linkIndex).toList();
  }

  /// Adds an address, or changes its flags when the link has it already.
  public void ensureAddress(int linkIndex, Prefix prefix, Set<AddressFlag> flags)
      throws LinuxException {
    int bits = flags.stream().mapToInt(AddressFlag::bit).reduce(0, (all, bit) -> all | bit);
    socket.request(
        RouteCodec.NEWADDR,
        NetlinkSocket.CREATE | NetlinkSocket.REPLACE,
        "add " + prefix + " to link " + linkIndex,
        out -> RouteCodec.writeAddress(out, linkIndex, prefix, bits, true));
  }

  /// [#ensureAddress(int, Prefix, Set)] with NODAD for IPv6.
  public void ensureAddress(int linkIndex, Prefix prefix) throws LinuxException {
    ensureAddress(linkIndex, prefix, prefix.v4() ? Set.of() : EnumSet.of(AddressFlag.NODAD));
  }

  /// Deletes an address; one that is not there is no error.
  public void deleteAddress(int linkIndex, Prefix prefix) throws LinuxException {
    tolerating(
        Errno.EADDRNOTAVAIL,
        () ->
            socket.request(
                RouteCodec.DELADDR,
                0,
                "delete " + prefix + " from link " + linkIndex,
                out -> RouteCodec.writeAddress(out, linkIndex, prefix, 0, false)));
  }

  // ---- routes and rules

  /// The unicast routes of all tables, both families.
  public List<Route> routes() throws LinuxException {
    return socket.dump(
        RouteCodec.GETROUTE, "list routes", out -> out.u32(0).u32(0).u32(0), RouteCodec::route);
  }

  /// Adds a route.
  ///
  /// @throws ErrnoException EEXIST when there is one for that destination, table and metric
  public void addRoute(Route route) throws LinuxException {
    socket.request(
        RouteCodec.NEWROUTE,
        CREATE_NEW,
        "add route " + route,
        out -> RouteCodec.writeRoute(out, route));
  }

  /// Adds a route, in the place of one for the same destination, table and metric.
  public void ensureRoute(Route route) throws LinuxException {
    socket.request(
        RouteCodec.NEWROUTE,
        NetlinkSocket.CREATE | NetlinkSocket.REPLACE,
        "set route " + route,
        out -> RouteCodec.writeRoute(out, route));
  }

  /// Deletes a route; one that is not there is no error.
  public void deleteRoute(Route route) throws LinuxException {
    tolerating(
        Errno.ESRCH,
        () ->
            socket.request(
                RouteCodec.DELROUTE,
                0,
                "delete route " + route,
                out -> RouteCodec.writeRoute(out, route)));
  }

  /// The link by which a packet of this namespace would leave, by all rules and tables.
  ///
  /// @param from its source, an address of this namespace; null for the kernel's choice
  /// @return index of the link; 0 when there is no way or it is closed
  public int wayTo(InetAddress to, @Nullable InetAddress from) throws LinuxException {
    try {
      return socket.get(
          RouteCodec.GETROUTE,
          "look up the way to " + to.getHostAddress(),
          out -> RouteCodec.writeWay(out, to, from),
          RouteCodec::way);
    } catch (ErrnoException e) {
      if (NO_WAY.contains(e.errno())) {
        return 0;
      }
      throw e;
    }
  }

  /// The rules that look up a table, both families.
  public List<Rule> rules() throws LinuxException {
    return socket.dump(
        RouteCodec.GETRULE, "list rules", out -> out.u32(0).u32(0).u32(0), RouteCodec::rule);
  }

  /// Adds a rule unless there is one with the same source and table (and priority, when it is
  /// given).
  public void ensureRule(Rule rule) throws LinuxException {
    boolean present =
        rules().stream()
            .anyMatch(
                other ->
                    other.from().equals(rule.from())
                        && other.table() == rule.table()
                        && (rule.priority() == 0 || other.priority() == rule.priority()));
    if (!present) {
      tolerating(
          Errno.EEXIST,
          () ->
              socket.request(
                  RouteCodec.NEWRULE,
                  CREATE_NEW,
                  "add " + rule,
                  out -> RouteCodec.writeRule(out, rule)));
    }
  }

  /// Deletes one rule that matches; none is no error.
  public void deleteRule(Rule rule) throws LinuxException {
    tolerating(
        Errno.ENOENT,
        () ->
            socket.request(
                RouteCodec.DELRULE, 0, "delete " + rule, out -> RouteCodec.writeRule(out, rule)));
  }

  // ---- neighbours

  /// The neighbour tables, both families.
  public List<Neighbour> neighbours() throws LinuxException {
    return socket.dump(
        RouteCodec.GETNEIGH,
        "list neighbours",
        out -> out.u32(0).u32(0).u32(0),
        RouteCodec::neighbour);
  }

  /// Forgets what was learned on a link, so that the kernel asks again; permanent entries stay.
  ///
  /// @return how many entries were deleted
  public int flushNeighbours(int linkIndex) throws LinuxException {
    int flushed = 0;
    for (Neighbour neighbour : neighbours()) {
      if (neighbour.linkIndex() == linkIndex && neighbour.learned()) {
        tolerating(
            Errno.ENOENT,
            () ->
                socket.request(
                    RouteCodec.DELNEIGH,
                    0,
                    "forget neighbour " + neighbour.address().getHostAddress(),
                    out -> RouteCodec.writeNeighbour(out, neighbour)));
        flushed++;
      }
    }
    return flushed;
  }

  /// Number of this socket, by which events tell who made a change.
  public int portId() throws LinuxException {
    return socket.portId();
  }

  @Override
  public void close() {
    socket.close();
  }

  private void createLink(String asked, NetlinkSocket.Body body) throws LinuxException {
    socket.request(RouteCodec.NEWLINK, CREATE_NEW, asked, body);
  }

  private void changeLink(String name, String asked, int flags, int change, NetlinkSocket.Body more)
      throws LinuxException {
    checkName(name);
    socket.request(
        RouteCodec.SETLINK,
        0,
        asked,
        out -> {
          RouteCodec.linkHeader(out, 0, 0, flags, change).attribute(RouteCodec.IFLA_IFNAME, name);
          more.write(out);
        });
  }

  private static MessageWriter header(MessageWriter out, String name) {
    checkName(name);
    return RouteCodec.linkHeader(out, 0, 0, 0, 0).attribute(RouteCodec.IFLA_IFNAME, name);
  }

  private static void checkName(String name) {
    if (name.isEmpty()
        || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME
        || name.contains("/")) {
      throw new IllegalArgumentException(
          "not a name for a link: '" + name + "' (1 to " + MAX_NAME + " octets, no slash)");
    }
  }

  @FunctionalInterface
  private interface Request {
    void run() throws LinuxException;
  }

  private static void tolerating(Errno errno, Request request) throws LinuxException {
    try {
      request.run();
    } catch (ErrnoException e) {
      if (!e.errno().equals(errno)) {
        throw e;
      }
    }
  }
}
