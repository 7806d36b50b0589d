package io.trivet.linux.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes one netlink message, or several after each other, into a buffer of fixed size
/// (linux/netlink.h).
///
/// Numbers are in the machine's byte order, those of the `be` methods in network order. Attributes
/// are padded to four bytes. A message that does not fit is a programmer's error
/// ([java.nio.BufferOverflowException]).
public final class MessageWriter {
  /// Marks an attribute that contains attributes (linux/netlink.h).
  public static final int NESTED = 0x8000;

  private static final int HEADER = 16;
  private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;

  private final ByteBuffer buffer;
  private int messageStart;

  public MessageWriter(ByteBuffer buffer) {
    this.buffer = buffer.order(ByteOrder.nativeOrder());
    buffer.clear();
  }

  public MessageWriter(int capacity) {
    this(ByteBuffer.allocate(capacity));
  }

  /// Starts over with an empty buffer.
  public MessageWriter reset() {
    buffer.clear();
    messageStart = 0;
    return this;
  }

  /// Starts a message; the sequence number is 0 until it is set by [#sequence].
  public MessageWriter begin(int type, int flags) {
    messageStart = buffer.position();
    buffer.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
    return this;
  }

  /// Ends the message: writes its length.
  public MessageWriter end() {
    buffer.putInt(messageStart, buffer.position() - messageStart);
    return this;
  }

  /// Sets the sequence number of the message that was begun last.
  public MessageWriter sequence(int sequence) {
    buffer.putInt(messageStart + 8, sequence);
    return this;
  }

  /// The type of the message that starts at `offset`.
  public int typeAt(int offset) {
    return buffer.getShort(offset + 4) & 0xffff;
  }

  public MessageWriter u8(int value) {
    buffer.put((byte) value);
    return this;
  }

  public MessageWriter u16(int value) {
    buffer.putShort((short) value);
    return this;
  }

  public MessageWriter be16(int value) {
    buffer.put((byte) (value >> 8)).put((byte) value);
    return this;
  }

  public MessageWriter u32(int value) {
    buffer.putInt(value);
    return this;
  }

  public MessageWriter bytes(byte[] value) {
    buffer.put(value);
    return this;
  }

  /// Starts a nested attribute; the token goes to [#endNest].
  public int beginNest(int type) {
    int start = buffer.position();
    buffer.putShort((short) 0).putShort((short) type);
    return start;
  }

  public MessageWriter endNest(int start) {
    buffer.putShort(start, (short) (buffer.position() - start));
    return this;
  }

  public MessageWriter attribute(int type, byte[] value) {
    buffer.putShort((short) (4 + value.length)).putShort((short) type).put(value);
    return pad();
  }

  /// An attribute without content.
  public MessageWriter flag(int type) {
    buffer.putShort((short) 4).putShort((short) type);
    return this;
  }

  public MessageWriter attributeU8(int type, int value) {
    buffer.putShort((short) 5).putShort((short) type).put((byte) value);
    return pad();
  }

  public MessageWriter attributeU32(int type, int value) {
    buffer.putShort((short) 8).putShort((short) type).putInt(value);
    return this;
  }

  public MessageWriter attributeBe32(int type, int value) {
    buffer.putShort((short) 8).putShort((short) type);
    buffer.order(BIG).putInt(value).order(ByteOrder.nativeOrder());
    return this;
  }

  public MessageWriter attributeBe64(int type, long value) {
    buffer.putShort((short) 12).putShort((short) type);
    buffer.order(BIG).putLong(value).order(ByteOrder.nativeOrder());
    return this;
  }

  /// A string with its terminating zero.
  public MessageWriter attribute(int type, String value) {
    byte[] octets = value.getBytes(StandardCharsets.UTF_8);
    buffer.putShort((short) (5 + octets.length)).putShort((short) type).put(octets).put((byte) 0);
    return pad();
  }

  public MessageWriter attribute(int type, InetAddress value) {
    return attribute(type, value.getAddress());
  }

  public int position() {
    return buffer.position();
  }

  /// The octets written so far.
  public byte[] toBytes() {
    byte[] octets = new byte[buffer.position()];
    buffer.get(0, octets);
    return octets;
  }

  static int headerLength() {
    return HEADER;
  }

  private MessageWriter pad() {
    while ((buffer.position() - messageStart & 3) != 0) {
      buffer.put((byte) 0);
    }
    return this;
  }
}
