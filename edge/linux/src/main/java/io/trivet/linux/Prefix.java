package io.trivet.linux;

import java.net.Inet4Address;
import java.net.InetAddress;

/// An address with a prefix length: of an interface (`10.0.0.7/24`) or a destination
/// (`10.0.0.0/8`).
///
/// @param length 0-32 for IPv4, 0-128 for IPv6
public record Prefix(InetAddress address, int length) {
  public Prefix {
    if (length < 0 || length > address.getAddress().length * 8) {
      throw new IllegalArgumentException(
          "prefix length " + length + " does not fit " + address.getHostAddress());
    }
  }

  /// Reads `ADDRESS/LENGTH`; without a length it is the address alone (/32, /128). Never asks a
  /// name server.
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return host(InetAddress.ofLiteral(text));
    }
    return new Prefix(
        InetAddress.ofLiteral(text.substring(0, slash)),
        Integer.parseInt(text.substring(slash + 1)));
  }

  /// The address alone: /32 or /128.
  public static Prefix host(InetAddress address) {
    return new Prefix(address, address.getAddress().length * 8);
  }

  /// `0.0.0.0/0` or `::/0`.
  public static Prefix defaultRoute(boolean v6) {
    return v6 ? parse("::/0") : parse("0.0.0.0/0");
  }

  public boolean v4() {
    return address instanceof Inet4Address;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
