package io.trivet.lab.observe;

import io.trivet.linux.MacAddress;
import java.net.Inet4Address;
import java.nio.ByteBuffer;

/// ICMP echo requests as whole frames (RFC 792, RFC 791), addressed to an Ethernet address of the
/// sender's choice: that is what an ordinary ping cannot do.
final class IcmpEcho {
  private static final int IP_HEADER = 20;
  private static final int ICMP_LENGTH = 16;
  private static final int ETHERNET_HEADER = 14;
  private static final byte PROTOCOL_ICMP = 1;
  private static final byte TIME_TO_LIVE = 64;
  private static final byte ECHO_REQUEST = 8;

  private IcmpEcho() {}

  /// A request frame.
  static byte[] request(
      MacAddress destination,
      MacAddress source,
      Inet4Address from,
      Inet4Address to,
      int identifier,
      int sequence) {
    byte[] octets = new byte[ETHERNET_HEADER + IP_HEADER + ICMP_LENGTH];
    ByteBuffer frame = ByteBuffer.wrap(octets);
    frame.put(destination.octets()).put(source.octets()).putShort((short) 0x0800);
    frame.put((byte) 0x45).put((byte) 0).putShort((short) (IP_HEADER + ICMP_LENGTH));
    frame.putShort((short) sequence).putShort((short) 0x4000); // do not fragment
    frame.put(TIME_TO_LIVE).put(PROTOCOL_ICMP).putShort((short) 0);
    frame.put(from.getAddress()).put(to.getAddress());
    frame.put(ECHO_REQUEST).put((byte) 0).putShort((short) 0);
    frame.putShort((short) identifier).putShort((short) sequence);
    frame.putShort(ETHERNET_HEADER + 10, checksum(octets, ETHERNET_HEADER, IP_HEADER));
    int icmp = ETHERNET_HEADER + IP_HEADER;
    frame.putShort(icmp + 2, checksum(octets, icmp, ICMP_LENGTH));
    return octets;
  }

  /// Whether an IPv4 frame comes from that address (RFC 791, 3.1: source address at octet 12).
  static boolean isFrom(byte[] frame, byte[] address) {
    return frame.length >= ETHERNET_HEADER + IP_HEADER
        && frame[ETHERNET_HEADER + 12] == address[0]
        && frame[ETHERNET_HEADER + 13] == address[1]
        && frame[ETHERNET_HEADER + 14] == address[2]
        && frame[ETHERNET_HEADER + 15] == address[3];
  }

  /// Whether an IPv4 frame is a TCP segment from that port with SYN and ACK set (RFC 9293, 3.1).
  static boolean isSynAckFromPort(byte[] frame, int port) {
    int tcp = ETHERNET_HEADER + 4 * (frame[ETHERNET_HEADER] & 0x0f);
    return frame[ETHERNET_HEADER + 9] == 6
        && frame.length >= tcp + IP_HEADER
        && ((frame[tcp] & 0xff) << 8 | frame[tcp + 1] & 0xff) == port
        && (frame[tcp + 13] & 0x12) == 0x12;
  }

  /// RFC 1071.
  private static short checksum(byte[] octets, int offset, int length) {
    int sum = 0;
    for (int i = 0; i < length; i += 2) {
      sum += (octets[offset + i] & 0xff) << 8 | octets[offset + i + 1] & 0xff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~sum;
  }
}
