package io.trivet.linux.packet;

import io.trivet.linux.MacAddress;
import java.nio.ByteBuffer;

/// What all frames have in common.
final class Ethernet {
  static final int HEADER = 14;

  private Ethernet() {}

  /// A frame with its header written, positioned at its payload. Network byte order.
  static ByteBuffer header(
      MacAddress destination, MacAddress source, int etherType, int payloadLength) {
    return ByteBuffer.allocate(HEADER + payloadLength)
        .put(destination.octets())
        .put(source.octets())
        .putShort((short) etherType);
  }

  /// What was written into a frame.
  static byte[] octets(ByteBuffer frame) {
    byte[] octets = new byte[frame.capacity()];
    frame.get(0, octets);
    return octets;
  }

  /// The Internet checksum (RFC 1071) of `length` octets, with `start` added: 0 or the sum of a
  /// pseudo-header.
  static short checksum(byte[] octets, int offset, int length, long start) {
    long sum = sum(octets, offset, length) + start;
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (short) ~sum;
  }

  static long sum(byte[] octets, int offset, int length) {
    long sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (long) (octets[offset + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
    }
    return sum;
  }
}
