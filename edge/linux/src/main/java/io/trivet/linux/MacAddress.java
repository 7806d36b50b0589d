package io.trivet.linux;

import java.util.HexFormat;

/// An Ethernet address: the low 48 bits of `bits`, first octet highest.
public record MacAddress(long bits) {
  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);
  public static final MacAddress ZERO = new MacAddress(0);

  private static final HexFormat HEX = HexFormat.ofDelimiter(":");

  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("an Ethernet address has 48 bits");
    }
  }

  /// Six octets from `offset` on.
  public static MacAddress of(byte[] octets, int offset) {
    long bits = 0;
    for (int i = 0; i < 6; i++) {
      bits = bits << 8 | octets[offset + i] & 0xff;
    }
    return new MacAddress(bits);
  }

  /// Reads `aa:bb:cc:dd:ee:ff`.
  public static MacAddress parse(String text) {
    byte[] octets = HEX.parseHex(text);
    if (octets.length != 6) {
      throw new IllegalArgumentException("not an Ethernet address: " + text);
    }
    return of(octets, 0);
  }

  public byte[] octets() {
    byte[] octets = new byte[6];
    for (int i = 0; i < 6; i++) {
      octets[i] = (byte) (bits >>> 40 - 8 * i);
    }
    return octets;
  }

  @Override
  public String toString() {
    return HEX.formatHex(octets());
  }
}
