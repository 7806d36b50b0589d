package io.trivet.scheduler.importing;

import org.jspecify.annotations.Nullable;

/// A netmask as the agents of addresses take it.
final class Netmask {
  private Netmask() {}

  /// The length of the prefix: of `24` and of `255.255.255.0` it is 24; empty where it is neither.
  static String length(@Nullable String mask) {
    if (mask == null) {
      return "";
    }
    String text = mask.strip();
    if (text.matches("\\d{1,3}")) {
      return Integer.toString(Integer.parseInt(text));
    }
    String[] bytes = text.split("\\.", -1);
    if (bytes.length != 4) {
      return "";
    }
    long bits = 0;
    for (String b : bytes) {
      if (!b.matches("\\d{1,3}") || Integer.parseInt(b) > 255) {
        return "";
      }
      bits = bits << 8 | Integer.parseInt(b);
    }
    int length = Long.bitCount(bits);
    long whole = length == 0 ? 0 : 0xffffffffL << (32 - length) & 0xffffffffL;
    return bits == whole ? Integer.toString(length) : "";
  }
}
