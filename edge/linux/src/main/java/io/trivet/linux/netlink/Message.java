package io.trivet.linux.netlink;

import io.trivet.linux.MalformedReplyException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One received netlink message: its header, and its payload as a view of the receive buffer.
///
/// @param port number of the socket that caused it, 0 for the kernel
public record Message(int type, int flags, int sequence, int port, ByteBuffer payload) {
  /// A message of the kernel's.
  public Message(int type, int flags, int sequence, ByteBuffer payload) {
    this(type, flags, sequence, 0, payload);
  }

  public static final int ERROR = 2;
  public static final int DONE = 3;
  public static final int OVERRUN = 4;
  public static final int NOOP = 1;

  /// NLM_F_DUMP_INTR: the dump is inconsistent and must be repeated.
  static final int DUMP_INTERRUPTED = 0x10;

  private static final int CAPPED = 0x100;
  private static final int ACK_TLVS = 0x200;
  private static final int ATTRIBUTE_SENTENCE = 1;
  private static final int MIN_ERRNO = -4095;

  /// Splits a datagram.
  ///
  /// @throws MalformedReplyException when a length does not fit
  public static List<Message> parse(ByteBuffer datagram) throws MalformedReplyException {
    ByteBuffer in = datagram.order(ByteOrder.nativeOrder());
    List<Message> messages = new ArrayList<>(4);
    int position = in.position();
    while (in.limit() - position >= 16) {
      int length = in.getInt(position);
      if (length < 16 || length > in.limit() - position) {
        throw new MalformedReplyException(
            "a netlink message of length "
                + length
                + " in a datagram with "
                + (in.limit() - position)
                + " octets left");
      }
      messages.add(
          new Message(
              in.getShort(position + 4) & 0xffff,
              in.getShort(position + 6) & 0xffff,
              in.getInt(position + 8),
              in.getInt(position + 12),
              in.slice(position + 16, length - 16).order(ByteOrder.nativeOrder())));
      position = Math.min(in.limit(), position + (length + 3 & ~3));
    }
    if (position != in.limit()) {
      throw new MalformedReplyException(
          (in.limit() - position) + " stray octets after a netlink message");
    }
    return messages;
  }

  /// The error of an ERROR or DONE message as errno, 0 for an acknowledgement. DONE may come
  /// without one.
  int errno() throws MalformedReplyException {
    if (payload.limit() < 4) {
      if (type == DONE) {
        return 0;
      }
      throw new MalformedReplyException("a netlink error of " + payload.limit() + " octets");
    }
    int value = payload.getInt(0);
    if (value > 0 || value < MIN_ERRNO) {
      throw new MalformedReplyException("a netlink error with the impossible value " + value);
    }
    return -value;
  }

  /// The kernel's sentence (NLMSGERR_ATTR_MSG) of an ERROR message, or empty.
  String sentence() {
    if ((flags & ACK_TLVS) == 0 || payload.limit() < 20) {
      return "";
    }
    long start = 20;
    if ((flags & CAPPED) == 0) {
      start = 4 + (Integer.toUnsignedLong(payload.getInt(4)) + 3 & ~3L);
    }
    if (start > payload.limit()) {
      return "";
    }
    try {
      ByteBuffer rest = payload.slice((int) start, payload.limit() - (int) start);
      ByteBuffer text = Attributes.parse(rest).find(ATTRIBUTE_SENTENCE);
      return text == null ? "" : Attributes.text(text);
    } catch (MalformedReplyException e) {
      return ""; // the sentence is a courtesy; the error itself counts
    }
  }

  /// The payload after a fixed header of `length` octets, as attributes.
  public Attributes attributes(int length) throws MalformedReplyException {
    requireHeader(length);
    return Attributes.parse(payload.slice(length, payload.limit() - length));
  }

  /// @throws MalformedReplyException when the payload is shorter than its fixed header
  public void requireHeader(int length) throws MalformedReplyException {
    if (payload.limit() < length) {
      throw new MalformedReplyException(
          "a netlink message of type "
              + type
              + " with "
              + payload.limit()
              + " octets; its header alone has "
              + length);
    }
  }

  static String ascii(ByteBuffer octets) {
    return StandardCharsets.UTF_8.decode(octets.duplicate()).toString();
  }
}
