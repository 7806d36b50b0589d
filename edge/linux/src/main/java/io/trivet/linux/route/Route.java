package io.trivet.linux.route;

import io.trivet.linux.Prefix;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// A unicast route.
///
/// @param table number of the routing table, see [#MAIN]
/// @param gateway next hop, null when the destination is on the link
/// @param linkIndex link to send through, 0 when the gateway decides
/// @param source preferred source address, null for the kernel's choice
/// @param metric priority; 0 means the kernel's default (0 for IPv4, 1024 for IPv6)
/// @param protocol who made it (rtnetlink's rtm_protocol): [#STATIC] or a number of one's own, to
///   know one's routes again
public record Route(
    Prefix destination,
    int table,
    @Nullable InetAddress gateway,
    int linkIndex,
    @Nullable InetAddress source,
    Scope scope,
    int metric,
    int protocol) {
  /// RT_TABLE_MAIN.
  public static final int MAIN = 254;

  /// RTPROT_STATIC.
  public static final int STATIC = 4;

  /// How far away the destination is (linux/rtnetlink.h).
  public enum Scope {
    UNIVERSE(0),
    SITE(200),
    LINK(253),
    HOST(254),
    NOWHERE(255);

    private final int number;

    Scope(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Scope of(int number) {
      for (Scope scope : values()) {
        if (scope.number == number) {
          return scope;
        }
      }
      return UNIVERSE;
    }
  }

  /// A route in the main table through a next hop.
  public static Route via(Prefix destination, InetAddress gateway) {
    return new Route(destination, MAIN, gateway, 0, null, Scope.UNIVERSE, 0, STATIC);
  }

  /// A route in the main table to neighbours on a link.
  public static Route onLink(Prefix destination, int linkIndex) {
    return new Route(destination, MAIN, null, linkIndex, null, Scope.LINK, 0, STATIC);
  }

  public Route inTable(int number) {
    return new Route(destination, number, gateway, linkIndex, source, scope, metric, protocol);
  }

  public Route from(InetAddress preferredSource) {
    return new Route(
        destination, table, gateway, linkIndex, preferredSource, scope, metric, protocol);
  }

  public Route withProtocol(int number) {
    return new Route(destination, table, gateway, linkIndex, source, scope, metric, number);
  }

  @Override
  public String toString() {
    return destination
        + (gateway == null ? "" : " via " + gateway.getHostAddress())
        + (linkIndex == 0 ? "" : " on link " + linkIndex)
        + (table == MAIN ? "" : " in table " + table);
  }
}
