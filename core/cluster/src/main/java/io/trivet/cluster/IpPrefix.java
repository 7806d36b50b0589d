package io.trivet.cluster;

import org.jspecify.annotations.Nullable;

/// An address with the length of its network's prefix, as in `10.77.0.100/24`. It may have host
/// bits (the address of an interface) or none (a network, the destination of a route).
///
/// @param address the address
/// @param length the prefix length in bits: 0-32 for IPv4, 0-128 for IPv6
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix> {

  /// @throws IllegalArgumentException if the length does not fit the family
  public IpPrefix {
    if (length < 0 || length > address.family().bits()) {
      throw new IllegalArgumentException(
          "A prefix of "
              + address
              + " is 0-"
              + address.family().bits()
              + " bits long, not "
              + length
              + ".");
    }
  }

  /// Parses `address/length`, or returns null where the text is not that (also where the length is
  /// missing). Never throws.
  public static @Nullable IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return null;
    }
    IpAddress address = IpAddress.parse(text.substring(0, slash));
    String digits = text.substring(slash + 1);
    if (address == null
        || digits.isEmpty()
        || digits.length() > 3
        || digits.length() > 1 && digits.charAt(0) == '0') {
      return null;
    }
    int length = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return null;
      }
      length = length * 10 + (c - '0');
    }
    return length <= address.family().bits() ? new IpPrefix(address, length) : null;
  }

  /// Parses a prefix that is known to be right.
  ///
  /// @throws IllegalArgumentException if the text is not a prefix
  public static IpPrefix of(String text) {
    IpPrefix prefix = parse(text);
    if (prefix == null) {
      throw new IllegalArgumentException("Not an address with a prefix length: " + text);
    }
    return prefix;
  }

  /// A prefix of the whole address: `/32` or `/128`.
  public static IpPrefix host(IpAddress address) {
    return new IpPrefix(address, address.family().bits());
  }

  /// The network of this prefix: the same length, host bits cleared.
  public IpPrefix network() {
    if (!address.isV6()) {
      return new IpPrefix(
          new IpAddress(IpAddress.Family.V4, 0, address.low() & mask(length + 32)), length);
    }
    long high = address.high() & mask(Math.min(length, 64));
    long low = address.low() & mask(Math.max(length - 64, 0));
    return new IpPrefix(new IpAddress(IpAddress.Family.V6, high, low), length);
  }

  /// True when the address is not the network itself.
  public boolean hasHostBits() {
    return !equals(network());
  }

  /// True when the other address is in this prefix's network; false for the other family.
  public boolean contains(IpAddress other) {
    return other.family() == address.family()
        && new IpPrefix(other, length).network().equals(network());
  }

  /// True for the directed broadcast address of an IPv4 network of at most 30 bits (RFC 922; RFC
  /// 3021 exempts /31).
  public boolean isBroadcast() {
    return !address.isV6()
        && length <= 30
        && (address.low() | ~mask(length + 32) & 0xffff_ffffL) == address.low();
  }

  private static long mask(int bits) {
    return bits == 0 ? 0 : -1L << (64 - bits);
  }

  @Override
  public int compareTo(IpPrefix other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
