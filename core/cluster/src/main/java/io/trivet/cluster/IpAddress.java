package io.trivet.cluster;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An IPv4 or IPv6 address, parsed from text alone: nothing is ever looked up, and no zone
/// (`%eth0`) is allowed.
///
/// IPv4 is strict dotted decimal (four numbers 0-255 without leading zeros, as RFC 6943 section
/// 3.1.1 advises); IPv6 is what RFC 4291 section 2.2 allows. [#toString] is the canonical text of
/// RFC 5952. Addresses are ordered: IPv4 before IPv6, then by number.
///
/// @param family IPv4 or IPv6
/// @param high the upper 64 bits of an IPv6 address; 0 for IPv4
/// @param low the lower 64 bits of an IPv6 address; the 32 bits of an IPv4 address
public record IpAddress(Family family, long high, long low) implements Comparable<IpAddress> {

  /// The two families, with their length in bits.
  public enum Family {
    V4(32),
    V6(128);

    private final int bits;

    Family(int bits) {
      this.bits = bits;
    }

    /// The length of an address in bits: 32 or 128.
    public int bits() {
      return bits;
    }
  }

  private static final int GROUPS = 8;

  /// @throws IllegalArgumentException if an IPv4 address has more than 32 bits
  public IpAddress {
    if (family == Family.V4 && (high != 0 || low >>> 32 != 0)) {
      throw new IllegalArgumentException("An IPv4 address has 32 bits.");
    }
  }

  /// Parses an address, or returns null where the text is not one. Never throws.
  public static @Nullable IpAddress parse(String text) {
    return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
  }

  /// Parses an address that is known to be right, as a constant or a value that was validated
  /// before.
  ///
  /// @throws IllegalArgumentException if the text is not an address
  public static IpAddress of(String text) {
    IpAddress address = parse(text);
    if (address == null) {
      throw new IllegalArgumentException("Not an IP address: " + text);
    }
    return address;
  }

  private static @Nullable IpAddress parseV4(String text) {
    long value = 0;
    int parts = 0;
    int at = 0;
    while (parts < 4) {
      int end = at;
      int part = 0;
      while (end < text.length() && end - at < 3 && isDigit(text.charAt(end))) {
        part = part * 10 + (text.charAt(end) - '0');
        end++;
      }
      boolean leadingZero = end - at > 1 && text.charAt(at) == '0';
      if (end == at || part > 255 || leadingZero) {
        return null;
      }
      value = value << 8 | part;
      parts++;
      if (parts < 4 && (end >= text.length() || text.charAt(end) != '.')) {
        return null;
      }
      at = parts < 4 ? end + 1 : end;
    }
    return at == text.length() ? new IpAddress(Family.V4, 0, value) : null;
  }

  private static @Nullable IpAddress parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      int[] groups = groups(text);
      return groups != null && groups.length == GROUPS ? ofGroups(groups) : null;
    }
    int[] left = groups(text.substring(0, gap));
    String rest = text.substring(gap + 2);
    // An IPv4 tail may only stand at the very end of the address, so never left of the gap.
    int[] right = groups(rest);
    if (left == null
        || right == null
        || text.substring(0, gap).indexOf('.') >= 0
        || left.length + right.length >= GROUPS) {
      return null;
    }
    int[] all = new int[GROUPS];
    System.arraycopy(left, 0, all, 0, left.length);
    System.arraycopy(right, 0, all, GROUPS - right.length, right.length);
    return ofGroups(all);
  }

  /// The 16-bit groups of one side of `::`; an empty side has none. Null where the text is wrong.
  private static int @Nullable [] groups(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    String[] parts = text.split(":", -1);
    if (parts.length > GROUPS) {
      return null;
    }
    boolean v4Tail = parts[parts.length - 1].indexOf('.') >= 0;
    int[] groups = new int[v4Tail ? parts.length + 1 : parts.length];
    for (int i = 0; i < parts.length - (v4Tail ? 1 : 0); i++) {
      int group = group(parts[i]);
      if (group < 0) {
        return null;
      }
      groups[i] = group;
    }
    if (v4Tail) {
      IpAddress tail = parseV4(parts[parts.length - 1]);
      if (tail == null) {
        return null;
      }
      groups[groups.length - 2] = (int) (tail.low >>> 16);
      groups[groups.length - 1] = (int) (tail.low & 0xffff);
    }
    return groups;
  }

  private static int group(String text) {
    if (text.isEmpty() || text.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static IpAddress ofGroups(int[] groups) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | groups[i];
      low = low << 16 | groups[i + 4];
    }
    return new IpAddress(Family.V6, high, low);
  }

  /// True for an IPv6 address.
  public boolean isV6() {
    return family == Family.V6;
  }

  /// `0.0.0.0` or `::`.
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  /// `127.0.0.0/8` (RFC 1122 section 3.2.1.3) or `::1` (RFC 4291 section 2.5.3).
  public boolean isLoopback() {
    return isV6() ? high == 0 && low == 1 : low >>> 24 == 127;
  }

  /// `224.0.0.0/4` (RFC 5771) or `ff00::/8` (RFC 4291 section 2.7).
  public boolean isMulticast() {
    return isV6() ? high >>> 56 == 0xff : low >>> 28 == 0xe;
  }

  /// `169.254.0.0/16` (RFC 3927) or `fe80::/10` (RFC 4291 section 2.5.6).
  public boolean isLinkLocal() {
    return isV6() ? high >>> 54 == 0xfe80 >>> 6 : low >>> 16 == 0xa9fe;
  }

  /// An IPv4 address written as IPv6, `::ffff:0:0/96` (RFC 4291 section 2.5.5.2).
  public boolean isV4Mapped() {
    return isV6() && high == 0 && low >>> 32 == 0xffff;
  }

  /// The address in network byte order: 4 or 16 bytes.
  public byte[] bytes() {
    byte[] bytes = new byte[family.bits() / 8];
    for (int i = 0; i < bytes.length; i++) {
      int fromEnd = bytes.length - 1 - i;
      bytes[i] = (byte) (fromEnd < 8 ? low >>> (8 * fromEnd) : high >>> (8 * (fromEnd - 8)));
    }
    return bytes;
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// The canonical text: dotted decimal, or RFC 5952 (lower case, no leading zeros, the longest run
  /// of two or more zero groups, the first of equal ones, as `::`; an IPv4-mapped address with a
  /// dotted tail, section 5).
  @Override
  public String toString() {
    if (!isV6()) {
      return dotted(low);
    }
    if (isV4Mapped()) {
      return "::ffff:" + dotted(low & 0xffff_ffffL);
    }
    int[] groups = new int[GROUPS];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (high >>> (48 - 16 * i) & 0xffff);
      groups[i + 4] = (int) (low >>> (48 - 16 * i) & 0xffff);
    }
    return text(groups);
  }

  private static String dotted(long v4) {
    return (v4 >>> 24 & 255) + "." + (v4 >>> 16 & 255) + "." + (v4 >>> 8 & 255) + "." + (v4 & 255);
  }

  private static String text(int[] groups) {
    int runAt = -1;
    int runLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = 0;
      while (i + length < GROUPS && groups[i + length] == 0) {
        length++;
      }
      if (length > runLength) {
        runAt = i;
        runLength = length;
      }
      i += Math.max(0, length - 1);
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == runAt) {
        out.append("::");
        i += runLength - 1;
      } else {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
          out.append(':');
        }
        out.append(Integer.toHexString(groups[i]).toLowerCase(Locale.ROOT));
      }
    }
    return out.toString();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
