package io.trivet.linux.packet;

import io.trivet.linux.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// ARP for IPv4 over Ethernet (RFC 826).
public record ArpPacket(
    Operation operation,
    MacAddress senderMac,
    InetAddress senderAddress,
    MacAddress targetMac,
    InetAddress targetAddress) {
  private static final int LENGTH = 28;

  /// The two operations that matter here.
  public enum Operation {
    REQUEST,
    REPLY
  }

  /// A question for the Ethernet address of `target`.
  public static ArpPacket request(MacAddress mac, InetAddress sender, InetAddress target) {
    return new ArpPacket(Operation.REQUEST, mac, sender, MacAddress.ZERO, target);
  }

  /// The ARP announcement of RFC 5227, 3: a request for one's own address.
  public static ArpPacket announcement(MacAddress mac, InetAddress address) {
    return request(mac, address, address);
  }

  /// Gratuitous ARP in reply form (RFC 5944, 4.6): some stacks update their tables only from
  /// replies.
  public static ArpPacket gratuitousReply(MacAddress mac, InetAddress address) {
    return new ArpPacket(Operation.REPLY, mac, address, mac, address);
  }

  /// Whether it tells about the sender's own address without being asked.
  public boolean gratuitous() {
    return senderAddress.equals(targetAddress);
  }

  /// The frame that carries it from the sender.
  public byte[] toFrame(MacAddress destination) {
    if (!(senderAddress instanceof Inet4Address) || !(targetAddress instanceof Inet4Address)) {
      throw new IllegalArgumentException("ARP is for IPv4: " + this);
    }
    return Ethernet.octets(
        Ethernet.header(destination, senderMac, PacketSocket.ARP, LENGTH)
            .putShort((short) 1)
            .putShort((short) PacketSocket.IPV4)
            .put((byte) 6)
            .put((byte) 4)
            .putShort((short) (operation == Operation.REQUEST ? 1 : 2))
            .put(senderMac.octets())
            .put(senderAddress.getAddress())
            .put(targetMac.octets())
            .put(targetAddress.getAddress()));
  }

  /// Null for a frame that is anything else.
  public static @Nullable ArpPacket parse(Frame frame) {
    byte[] octets = frame.octets();
    if (frame.etherType() != PacketSocket.ARP || octets.length < Ethernet.HEADER + LENGTH) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(octets);
    int operation = in.getShort(20);
    if (in.getInt(14) != (1 << 16 | PacketSocket.IPV4)
        || in.getShort(18) != 0x0604
        || operation < 1
        || operation > 2) {
      return null;
    }
    return new ArpPacket(
        operation == 1 ? Operation.REQUEST : Operation.REPLY,
        MacAddress.of(octets, 22),
        address(octets, 28),
        MacAddress.of(octets, 32),
        address(octets, 38));
  }

  private static InetAddress address(byte[] octets, int offset) {
    byte[] address = new byte[4];
    System.arraycopy(octets, offset, address, 0, 4);
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }
}
