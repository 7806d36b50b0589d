package io.trivet.daemon.peer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// One message on the wire: length of the body (4 bytes, big endian), kind (1 byte), body. Each
/// side begins with four bytes that name protocol and version.
///
/// Kind 0 is the channel's own (a sign of life without a body); all others are the caller's.
final class Frame {
  static final int BODY_BYTES_MAX = 1 << 20;
  static final int HEADER_BYTES = 5;
  static final byte ALIVE = 0;

  private static final byte[] GREETING = {'T', 'R', 'V', 1};
  private static final byte[] NONE = {};

  private final byte kind;
  private final byte[] body;
  private final long queuedNanos;

  /// @param body at most [#BODY_BYTES_MAX]; not to be changed afterwards
  /// @param queuedNanos when it was handed over, on the monotonic clock of this process
  Frame(byte kind, byte[] body, long queuedNanos) {
    this.kind = kind;
    this.body = body;
    this.queuedNanos = queuedNanos;
  }

  byte kind() {
    return kind;
  }

  byte[] body() {
    return body;
  }

  long queuedNanos() {
    return queuedNanos;
  }

  static byte[] greeting() {
    return GREETING.clone();
  }

  int wireBytes() {
    return HEADER_BYTES + body.length;
  }

  static void putHeader(byte[] to, int at, byte kind, int bodyBytes) {
    to[at] = (byte) (bodyBytes >>> 24);
    to[at + 1] = (byte) (bodyBytes >>> 16);
    to[at + 2] = (byte) (bodyBytes >>> 8);
    to[at + 3] = (byte) bodyBytes;
    to[at + 4] = kind;
  }

  /// Reads frames from one stream, with one header buffer for all of them.
  static final class Reader {
    private final InputStream in;
    private final byte[] header = new byte[HEADER_BYTES];

    Reader(InputStream in) {
      this.in = in;
    }

    void expectGreeting() throws IOException {
      fill(header, GREETING.length);
      for (int i = 0; i < GREETING.length; i++) {
        if (header[i] != GREETING[i]) {
          throw new ProtocolError("it does not speak this version of the protocol");
        }
      }
    }

    Frame next() throws IOException {
      fill(header, HEADER_BYTES);
      int length =
          (header[0] & 0xff) << 24
              | (header[1] & 0xff) << 16
              | (header[2] & 0xff) << 8
              | (header[3] & 0xff);
      // Compared as unsigned: a negative number is a very large one.
      if (Integer.compareUnsigned(length, BODY_BYTES_MAX) > 0) {
        throw new ProtocolError(
            "a message of "
                + Integer.toUnsignedString(length)
                + " bytes, at most "
                + BODY_BYTES_MAX
                + " are allowed");
      }
      byte[] body = length == 0 ? NONE : new byte[length];
      fill(body, length);
      return new Frame(header[4], body, 0);
    }

    private void fill(byte[] to, int count) throws IOException {
      for (int at = 0; at < count; ) {
        int read = in.read(to, at, count - at);
        if (read < 0) {
          throw new EOFException("the peer closed the connection");
        }
        at += read;
      }
    }
  }

  /// The other side sent what no correct peer sends.
  static final class ProtocolError extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolError(String message) {
      super(message);
    }
  }
}
