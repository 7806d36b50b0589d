package io.trivet.linux.packet;

/// One received Ethernet frame.
///
/// @param octets from the destination address on, without the checksum; a VLAN tag is taken off by
///   the kernel
/// @param arrivedNanos when the kernel took it, on the clock of [System#nanoTime]
/// @param outgoing whether this machine sent it
@SuppressWarnings("ArrayRecordComponent") // one frame is never compared with another
public record Frame(byte[] octets, long arrivedNanos, boolean outgoing) {
  /// The EtherType, or -1 when the frame is too short to have one.
  public int etherType() {
    return octets.length < 14 ? -1 : (octets[12] & 0xff) << 8 | octets[13] & 0xff;
  }

  @Override
  public String toString() {
    return "Frame of " + octets.length + " octets, EtherType 0x" + Integer.toHexString(etherType());
  }
}
