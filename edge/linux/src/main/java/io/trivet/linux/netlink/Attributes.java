package io.trivet.linux.netlink;

import io.trivet.linux.MacAddress;
import io.trivet.linux.MalformedReplyException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The attributes of a message or of a nested attribute, in order. Types come without their flag
/// bits. Everything read is checked against the length that the attribute has; unknown attributes
/// are kept and harmless.
public final class Attributes {
  private static final int TYPE_MASK = 0x3fff;

  /// One attribute and its content.
  public record Attribute(int type, ByteBuffer value) {
    public int u32() throws MalformedReplyException {
      return require(4).getInt(0);
    }

    public int u8() throws MalformedReplyException {
      return require(1).get(0) & 0xff;
    }

    public Attributes nested() throws MalformedReplyException {
      return parse(value);
    }

    private ByteBuffer require(int length) throws MalformedReplyException {
      if (value.limit() < length) {
        throw new MalformedReplyException(
            "attribute " + type + " has " + value.limit() + " octets instead of " + length);
      }
      return value;
    }
  }

  private final List<Attribute> list;

  private Attributes(List<Attribute> list) {
    this.list = list;
  }

  /// @throws MalformedReplyException when a length does not fit
  public static Attributes parse(ByteBuffer area) throws MalformedReplyException {
    ByteBuffer in = area.slice().order(ByteOrder.nativeOrder());
    List<Attribute> list = new ArrayList<>();
    int position = 0;
    while (in.limit() - position >= 4) {
      int length = in.getShort(position) & 0xffff;
      if (length < 4 || length > in.limit() - position) {
        throw new MalformedReplyException(
            "an attribute of length "
                + length
                + " with "
                + (in.limit() - position)
                + " octets left");
      }
      int type = in.getShort(position + 2) & TYPE_MASK;
      list.add(
          new Attribute(type, in.slice(position + 4, length - 4).order(ByteOrder.nativeOrder())));
      position = Math.min(in.limit(), position + (length + 3 & ~3));
    }
    if (position != in.limit()) {
      throw new MalformedReplyException(
          (in.limit() - position) + " stray octets after an attribute");
    }
    return new Attributes(list);
  }

  public List<Attribute> list() {
    return list;
  }

  /// The content of the first attribute of that type.
  public @Nullable ByteBuffer find(int type) {
    Attribute found = attribute(type);
    return found == null ? null : found.value();
  }

  public @Nullable Attribute attribute(int type) {
    for (Attribute attribute : list) {
      if (attribute.type() == type) {
        return attribute;
      }
    }
    return null;
  }

  public int u32(int type, int otherwise) throws MalformedReplyException {
    Attribute found = attribute(type);
    return found == null ? otherwise : found.u32();
  }

  public int u8(int type, int otherwise) throws MalformedReplyException {
    Attribute found = attribute(type);
    return found == null ? otherwise : found.u8();
  }

  /// A number in network byte order.
  public long be64(int type, long otherwise) throws MalformedReplyException {
    Attribute found = attribute(type);
    return found == null
        ? otherwise
        : found.require(8).duplicate().order(ByteOrder.BIG_ENDIAN).getLong(0);
  }

  /// The empty attributes when there is none of that type.
  public Attributes nested(int type) throws MalformedReplyException {
    Attribute found = attribute(type);
    return found == null ? new Attributes(List.of()) : found.nested();
  }

  public String text(int type) {
    ByteBuffer found = find(type);
    return found == null ? "" : text(found);
  }

  /// An IPv4 or IPv6 address, by its length.
  public @Nullable InetAddress address(int type) throws MalformedReplyException {
    ByteBuffer found = find(type);
    return found == null ? null : address(found);
  }

  /// An Ethernet address; null when it is missing or of another kind of hardware.
  public @Nullable MacAddress mac(int type) {
    ByteBuffer found = find(type);
    return found == null || found.limit() != 6 ? null : MacAddress.of(octets(found), 0);
  }

  /// A string without its terminating zero.
  static String text(ByteBuffer value) {
    int end = 0;
    while (end < value.limit() && value.get(end) != 0) {
      end++;
    }
    return Message.ascii(value.slice(0, end));
  }

  public static InetAddress address(ByteBuffer value) throws MalformedReplyException {
    try {
      return InetAddress.getByAddress(octets(value));
    } catch (UnknownHostException e) {
      throw new MalformedReplyException("an address of " + value.limit() + " octets");
    }
  }

  private static byte[] octets(ByteBuffer value) {
    byte[] octets = new byte[value.limit()];
    value.get(0, octets);
    return octets;
  }
}
