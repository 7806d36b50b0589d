package io.trivet.linux.route;

import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.Prefix;
import io.trivet.linux.netlink.Attributes;
import io.trivet.linux.netlink.Message;
import io.trivet.linux.netlink.MessageWriter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The rtnetlink messages of this package (rtnetlink(7), linux/rtnetlink.h, if_link.h, if_addr.h,
/// neighbour.h, fib_rules.h). Decoders return null for a message of another kind, and check every
/// length.
final class RouteCodec {
  static final int NEWLINK = 16;
  static final int DELLINK = 17;
  static final int GETLINK = 18;
  static final int SETLINK = 19;
  static final int NEWADDR = 20;
  static final int DELADDR = 21;
  static final int GETADDR = 22;
  static final int NEWROUTE = 24;
  static final int DELROUTE = 25;
  static final int GETROUTE = 26;
  static final int NEWNEIGH = 28;
  static final int DELNEIGH = 29;
  static final int GETNEIGH = 30;
  static final int NEWRULE = 32;
  static final int DELRULE = 33;
  static final int GETRULE = 34;

  static final int AF_INET = 2;
  static final int AF_BRIDGE = 7;
  static final int AF_INET6 = 10;

  static final int IFF_UP = 1;
  static final int IFF_NOARP = 1 << 7;
  private static final int IFF_LOWER_UP = 1 << 16;

  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINK = 5;
  static final int IFLA_MASTER = 10;
  static final int IFLA_PROTINFO = 12;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_NET_NS_FD = 28;
  private static final int IFLA_OPERSTATE = 16;

  private static final int LINK_HEADER = 16;
  private static final int ADDRESS_HEADER = 8;
  private static final int ROUTE_HEADER = 12;
  private static final int UNICAST = 1;

  private RouteCodec() {}

  static int family(Prefix prefix) {
    return prefix.v4() ? AF_INET : AF_INET6;
  }

  static MessageWriter linkHeader(MessageWriter out, int family, int index, int flags, int change) {
    return out.u8(family).u8(0).u16(0).u32(index).u32(flags).u32(change);
  }

  static @Nullable Link link(Message message) throws MalformedReplyException {
    if (message.type() != NEWLINK && message.type() != DELLINK) {
      return null;
    }
    Attributes attributes = message.attributes(LINK_HEADER);
    ByteBuffer header = message.payload();
    if (header.get(0) != 0) {
      return null; // a bridge tells about a port in its own family, and about its leaving as a
      // deleted link
    }
    int flags = header.getInt(8);
    Attributes info = attributes.nested(IFLA_LINKINFO);
    String kind = info.text(1);
    return new Link(
        header.getInt(4),
        attributes.text(IFLA_IFNAME),
        kind,
        attributes.mac(IFLA_ADDRESS),
        Link.OperState.of(attributes.u8(IFLA_OPERSTATE, 0)),
        (flags & IFF_UP) != 0,
        (flags & IFF_LOWER_UP) != 0,
        attributes.u32(IFLA_MTU, 0),
        attributes.u32(IFLA_MASTER, 0),
        attributes.u32(IFLA_LINK, 0),
        (flags & IFF_NOARP) == 0,
        kind.equals("macvlan") ? info.nested(2).u32(1, 0) : 0);
  }

  static void writeAddress(
      MessageWriter out, int link, Prefix prefix, int flags, boolean broadcast) {
    out.u8(family(prefix)).u8(prefix.length()).u8(flags & 0xff).u8(0).u32(link);
    out.attribute(2, prefix.address()).attribute(1, prefix.address());
    if (broadcast && prefix.v4() && prefix.length() < 31) {
      byte[] octets = prefix.address().getAddress();
      for (int bit = prefix.length(); bit < 32; bit++) {
        octets[bit / 8] |= (byte) (0x80 >> bit % 8);
      }
      out.attribute(4, octets);
    }
    out.attributeU32(8, flags);
  }

  static @Nullable InterfaceAddress address(Message message) throws MalformedReplyException {
    if (message.type() != NEWADDR && message.type() != DELADDR) {
      return null;
    }
    Attributes attributes = message.attributes(ADDRESS_HEADER);
    ByteBuffer header = message.payload();
    InetAddress local =
        attributes.address(2); // IFA_LOCAL; IPv6 has it for point-to-point links only
    InetAddress address = local != null ? local : attributes.address(1);
    if (address == null) {
      return null;
    }
    return new InterfaceAddress(
        header.getInt(4),
        prefix(address, header.get(1) & 0xff),
        attributes.u32(8, header.get(2) & 0xff),
        header.get(3) & 0xff);
  }

  static void writeRoute(MessageWriter out, Route route) {
    Prefix to = route.destination();
    int table = route.table();
    out.u8(family(to)).u8(to.length()).u8(0).u8(0).u8(table < 256 ? table : 0).u8(route.protocol());
    out.u8(route.scope().number()).u8(UNICAST).u32(0);
    if (to.length() > 0) {
      out.attribute(1, to.address());
    }
    out.attributeU32(15, table);
    if (route.gateway() != null) {
      out.attribute(5, route.gateway());
    }
    if (route.linkIndex() != 0) {
      out.attributeU32(4, route.linkIndex());
    }
    if (route.source() != null) {
      out.attribute(7, route.source());
    }
    if (route.metric() != 0) {
      out.attributeU32(6, route.metric());
    }
  }

  static @Nullable Route route(Message message) throws MalformedReplyException {
    if (message.type() != NEWROUTE) {
      return null;
    }
    Attributes attributes = message.attributes(ROUTE_HEADER);
    ByteBuffer header = message.payload();
    int family = header.get(0) & 0xff;
    if (header.get(7) != UNICAST || family != AF_INET && family != AF_INET6) {
      return null;
    }
    InetAddress to = attributes.address(1);
    int length = header.get(1) & 0xff;
    return new Route(
        to == null ? Prefix.defaultRoute(family == AF_INET6) : prefix(to, length),
        attributes.u32(15, header.get(4) & 0xff),
        attributes.address(5),
        attributes.u32(4, 0),
        attributes.address(7),
        Route.Scope.of(header.get(6) & 0xff),
        attributes.u32(6, 0),
        header.get(5) & 0xff);
  }

  /// Asks which way a packet would go.
  static void writeWay(MessageWriter out, InetAddress to, @Nullable InetAddress from) {
    Prefix destination = Prefix.host(to);
    out.u8(family(destination)).u8(destination.length());
    out.u8(from == null ? 0 : destination.length()).u8(0).u32(0).u32(0);
    out.attribute(1, to);
    if (from != null) {
      out.attribute(2, from);
    }
  }

  static @Nullable Integer way(Message message) throws MalformedReplyException {
    return message.type() == NEWROUTE ? message.attributes(ROUTE_HEADER).u32(4, 0) : null;
  }

  static void writeRule(MessageWriter out, Rule rule) {
    Prefix from = rule.from();
    out.u8(family(from)).u8(0).u8(from.length()).u8(0);
    out.u8(rule.table() < 256 ? rule.table() : 0).u8(0).u8(0).u8(1).u32(0); // FR_ACT_TO_TBL
    if (from.length() > 0) {
      out.attribute(2, from.address());
    }
    if (rule.priority() != 0) {
      out.attributeU32(6, rule.priority());
    }
    out.attributeU32(15, rule.table());
  }

  static @Nullable Rule rule(Message message) throws MalformedReplyException {
    if (message.type() != NEWRULE) {
      return null;
    }
    Attributes attributes = message.attributes(ROUTE_HEADER);
    ByteBuffer header = message.payload();
    int family = header.get(0) & 0xff;
    if (header.get(7) != 1 || family != AF_INET && family != AF_INET6) {
      return null;
    }
    InetAddress from = attributes.address(2);
    return new Rule(
        from == null ? Prefix.defaultRoute(family == AF_INET6) : prefix(from, header.get(2) & 0xff),
        attributes.u32(15, header.get(4) & 0xff),
        attributes.u32(6, 0));
  }

  static void writeNeighbour(MessageWriter out, Neighbour neighbour) {
    int family = neighbour.address().getAddress().length == 4 ? AF_INET : AF_INET6;
    out.u8(family).u8(0).u16(0).u32(neighbour.linkIndex()).u16(neighbour.state()).u8(0).u8(0);
    out.attribute(1, neighbour.address());
    if (neighbour.mac() != null) {
      out.attribute(2, neighbour.mac().octets());
    }
  }

  static @Nullable Neighbour neighbour(Message message) throws MalformedReplyException {
    if (message.type() != NEWNEIGH) {
      return null;
    }
    Attributes attributes = message.attributes(12);
    ByteBuffer header = message.payload();
    int family = header.get(0) & 0xff;
    InetAddress address = family == AF_INET || family == AF_INET6 ? attributes.address(1) : null;
    if (address == null) {
      return null;
    }
    return new Neighbour(header.getInt(4), address, attributes.mac(2), header.getShort(8) & 0xffff);
  }

  private static Prefix prefix(InetAddress address, int length) throws MalformedReplyException {
    if (length > address.getAddress().length * 8) {
      throw new MalformedReplyException(
          "a prefix of " + length + " bits for " + address.getHostAddress());
    }
    return new Prefix(address, length);
  }
}
