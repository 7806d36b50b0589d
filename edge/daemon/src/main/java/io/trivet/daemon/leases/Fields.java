package io.trivet.daemon.leases;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.VipAssignment;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields that messages on the socket are made of: numbers big-endian in 8 bytes, a text as two
/// bytes of length and UTF-8, a list as two bytes of count and its elements, an absent value as a
/// zero byte.
final class Fields {
  /// The longest text: a sentence for people.
  static final int MAX_TEXT_BYTES = 4096;

  /// The longest list.
  static final int MAX_LIST = 1024;

  private Fields() {}

  /// Not what a message is made of.
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String reason) {
      super(reason, null, false, false);
    }
  }

  /// How one element of a list is read.
  interface Element<T> {
    T read(Reader in) throws Malformed;
  }

  /// Reads fields, and refuses what is none.
  static final class Reader {
    private final ByteBuffer in;

    Reader(ByteBuffer in) {
      this.in = in;
    }

    int position() {
      return in.position();
    }

    int octet() throws Malformed {
      need(1);
      return Byte.toUnsignedInt(in.get());
    }

    boolean flag() throws Malformed {
      int value = octet();
      if (value > 1) {
        throw new Malformed("a flag is 0 or 1, not " + value);
      }
      return value == 1;
    }

    long number() throws Malformed {
      need(Long.BYTES);
      return in.getLong();
    }

    String text() throws Malformed {
      int length = length(MAX_TEXT_BYTES, "a text of");
      need(length);
      ByteBuffer bytes = in.slice(in.position(), length);
      in.position(in.position() + length);
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      } catch (CharacterCodingException e) {
        throw new Malformed("a text that is not UTF-8");
      }
    }

    @Nullable String optionalText() throws Malformed {
      return flag() ? text() : null;
    }

    <T> List<T> list(Element<T> element) throws Malformed {
      List<T> all = new ArrayList<>();
      for (int left = length(MAX_LIST, "a list of"); left > 0; left--) {
        all.add(element.read(this));
      }
      return all;
    }

    IpAddress address() throws Malformed {
      return IpAddress.of(text());
    }

    IpPrefix prefix() throws Malformed {
      return IpPrefix.of(text());
    }

    VipAssignment assignment() throws Malformed {
      return new VipAssignment(text(), number(), optionalText(), list(Reader::text));
    }

    void end() throws Malformed {
      if (in.hasRemaining()) {
        throw new Malformed(in.remaining() + " bytes follow the end");
      }
    }

    private int length(int most, String what) throws Malformed {
      need(Short.BYTES);
      int length = Short.toUnsignedInt(in.getShort());
      if (length > most) {
        throw new Malformed(what + " " + length + ", allowed are " + most);
      }
      return length;
    }

    private void need(int bytes) throws Malformed {
      if (in.remaining() < bytes) {
        throw new Malformed(
            "the message ends where " + bytes + " bytes belong, " + in.remaining() + " are there");
      }
    }
  }

  /// How one element of a list is written.
  interface Put<T> {
    void write(Writer out, T element);
  }

  /// Writes fields.
  static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Writer octet(int value) {
      out.write(value);
      return this;
    }

    Writer flag(boolean value) {
      return octet(value ? 1 : 0);
    }

    Writer number(long value) {
      out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
      return this;
    }

    Writer text(String value) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      length(bytes.length, MAX_TEXT_BYTES);
      out.writeBytes(bytes);
      return this;
    }

    Writer optionalText(@Nullable String value) {
      flag(value != null);
      return value == null ? this : text(value);
    }

    <T> Writer list(List<T> all, Put<T> put) {
      length(all.size(), MAX_LIST);
      all.forEach(element -> put.write(this, element));
      return this;
    }

    Writer assignment(VipAssignment assignment) {
      return text(assignment.vip())
          .number(assignment.epoch())
          .optionalText(assignment.holder())
          .list(assignment.heirs(), Writer::text);
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void length(int length, int most) {
      if (length > most) {
        throw new IllegalArgumentException(length + " where at most " + most + " are allowed");
      }
      octet(length >>> 8).octet(length & 0xff);
    }
  }
}
