package io.trivet.linux.route;

import io.trivet.linux.MacAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// An entry of the neighbour table (ARP, ND).
///
/// @param mac null while unresolved
/// @param state the kernel's NUD_ bits
public record Neighbour(int linkIndex, InetAddress address, @Nullable MacAddress mac, int state) {
  private static final int NUD_NOARP = 0x40;
  private static final int NUD_PERMANENT = 0x80;

  /// Whether the entry was learned, so that flushing it only makes the kernel ask again.
  public boolean learned() {
    return (state & (NUD_NOARP | NUD_PERMANENT)) == 0;
  }
}
