package io.trivet.linux.packet;

import io.trivet.linux.MacAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Neighbour solicitation and advertisement (RFC 4861, 4.3 and 4.4) over Ethernet.
///
/// @param source IPv6 source address
/// @param target the address that it is about
/// @param mac link-layer address option, null without one
/// @param solicited of an advertisement: an answer to a solicitation
/// @param override of an advertisement: replaces what the receiver knows
public record NeighbourMessage(
    Kind kind,
    InetAddress source,
    InetAddress target,
    @Nullable MacAddress mac,
    boolean solicited,
    boolean override) {
  private static final MacAddress ALL_NODES_MAC = new MacAddress(0x3333_0000_0001L);
  private static final byte[] ALL_NODES = {
    (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
  };
  private static final byte[] SOLICITED_NODE = {
    (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 0xff, 0, 0, 0
  };
  private static final InetAddress UNSPECIFIED = InetAddress.ofLiteral("::");
  private static final int ICMPV6 = 58;
  private static final int MESSAGE = 24;
  private static final int WITH_OPTION = 32;
  private static final int ICMP_START = Ethernet.HEADER + 40;

  /// The ICMPv6 types.
  public enum Kind {
    SOLICITATION(135),
    ADVERTISEMENT(136);

    private final int type;

    Kind(int type) {
      this.type = type;
    }
  }

  /// The unsolicited advertisement of one's own address (RFC 4861, 7.2.6), with the override flag.
  public static NeighbourMessage announcement(MacAddress mac, InetAddress address) {
    return new NeighbourMessage(Kind.ADVERTISEMENT, address, address, mac, false, true);
  }

  /// A question for the Ethernet address of `target`.
  public static NeighbourMessage solicitation(
      MacAddress mac, InetAddress source, InetAddress target) {
    return new NeighbourMessage(Kind.SOLICITATION, source, target, mac, false, false);
  }

  /// The question of duplicate address detection (RFC 4862, 5.4.2) for `target`, as a frame:
  /// whoever has the address answers to all nodes.
  public static byte[] probe(MacAddress mac, InetAddress target) {
    byte[] octets = target.getAddress();
    byte[] group = SOLICITED_NODE.clone();
    System.arraycopy(octets, 13, group, 13, 3);
    long station = 0x3333_ff00_0000L;
    for (int i = 13; i < 16; i++) {
      station |= (octets[i] & 0xffL) << 8 * (15 - i);
    }
    return solicitation(mac, UNSPECIFIED, target).toFrame(new MacAddress(station), group);
  }

  /// The frame for all nodes (ff02::1).
  public byte[] toAllNodes() {
    return toFrame(ALL_NODES_MAC, ALL_NODES);
  }

  /// The frame for the target itself, at a given Ethernet address: asks that one station and no
  /// other.
  public byte[] toTarget(MacAddress station) {
    return toFrame(station, target.getAddress());
  }

  private byte[] toFrame(MacAddress station, byte[] destination) {
    MacAddress own = mac;
    if (own == null || !(source instanceof Inet6Address) || !(target instanceof Inet6Address)) {
      throw new IllegalArgumentException(
          "only sent for IPv6 and with an Ethernet address: " + this);
    }
    byte[] from = source.getAddress();
    // RFC 4861, 7.1.1: without a source address there must be no option
    int length = source.isAnyLocalAddress() ? MESSAGE : WITH_OPTION;
    ByteBuffer out =
        Ethernet.header(station, own, PacketSocket.IPV6, 40 + length)
            .putInt(6 << 28)
            .putShort((short) length)
            .put((byte) ICMPV6)
            .put((byte) 255) // RFC 4861, 7.1: anything less is discarded
            .put(from)
            .put(destination)
            .putInt(kind.type << 24)
            .putInt((solicited ? 1 << 30 : 0) | (override ? 1 << 29 : 0))
            .put(target.getAddress());
    if (length == WITH_OPTION) {
      out.put((byte) (kind == Kind.SOLICITATION ? 1 : 2)).put((byte) 1).put(own.octets());
    }
    long pseudoHeader =
        Ethernet.sum(from, 0, 16)
            + Ethernet.sum(destination, 0, 16)
            + length
            + ICMPV6; // RFC 8200, 8.1
    byte[] frame = Ethernet.octets(out);
    short checksum = Ethernet.checksum(frame, ICMP_START, length, pseudoHeader);
    frame[ICMP_START + 2] = (byte) (checksum >> 8);
    frame[ICMP_START + 3] = (byte) checksum;
    return frame;
  }

  /// Null for a frame that is anything else; the checksum is not looked at.
  public static @Nullable NeighbourMessage parse(Frame frame) {
    byte[] octets = frame.octets();
    if (frame.etherType() != PacketSocket.IPV6
        || octets.length < ICMP_START + MESSAGE
        || octets[20] != ICMPV6) {
      return null;
    }
    Kind kind =
        switch (octets[ICMP_START] & 0xff) {
          case 135 -> Kind.SOLICITATION;
          case 136 -> Kind.ADVERTISEMENT;
          default -> null;
        };
    if (kind == null) {
      return null;
    }
    MacAddress mac =
        octets.length >= ICMP_START + WITH_OPTION && octets[ICMP_START + MESSAGE + 1] == 1
            ? MacAddress.of(octets, ICMP_START + MESSAGE + 2)
            : null;
    int flags = octets[ICMP_START + 4];
    return new NeighbourMessage(
        kind,
        address(octets, Ethernet.HEADER + 8),
        address(octets, ICMP_START + 8),
        mac,
        (flags & 0x40) != 0,
        (flags & 0x20) != 0);
  }

  private static InetAddress address(byte[] octets, int offset) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(octets, offset, offset + 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen octets are an address", e);
    }
  }
}
