package io.trivet.linux.sockdiag;

import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.netlink.Attributes;
import io.trivet.linux.netlink.Message;
import io.trivet.linux.netlink.MessageWriter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The messages of sock_diag(7) (linux/inet_diag.h).
final class SocketCodec {
  static final int BY_FAMILY = 20;
  static final int DESTROY = 21;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  private static final int IPPROTO_TCP = 6;
  private static final int MESSAGE = 72; // struct inet_diag_msg
  private static final int ID = 48; // struct inet_diag_sockid

  /// Listeners stay, and TIME_WAIT (6) and CLOSE (7) have nobody who waits.
  private static final int LIVE_STATES = 0xfff & ~(1 << 6 | 1 << 7 | 1 << 10) | 1 << 12;

  /// A found connection and the kernel's identification of its socket.
  @SuppressWarnings("ArrayRecordComponent")
  record Found(TcpConnection connection, int family, byte[] id) {}

  private SocketCodec() {}

  static void writeDump(MessageWriter out, int family) {
    out.u8(family).u8(IPPROTO_TCP).u8(0).u8(0).u32(LIVE_STATES).bytes(new byte[ID]);
  }

  static void writeDestroy(MessageWriter out, Found found) {
    out.u8(found.family()).u8(IPPROTO_TCP).u8(0).u8(0).u32(-1).bytes(found.id());
  }

  static @Nullable Found connection(Message message) throws MalformedReplyException {
    if (message.type() != BY_FAMILY) {
      return null;
    }
    message.requireHeader(MESSAGE);
    ByteBuffer in = message.payload();
    int family = in.get(0) & 0xff;
    if (family != AF_INET && family != AF_INET6) {
      return null;
    }
    byte[] id = new byte[ID];
    in.get(4, id);
    return new Found(
        new TcpConnection(
            address(in, 8, family),
            port(in, 4),
            address(in, 24, family),
            port(in, 6),
            in.get(1) & 0xff),
        family,
        id);
  }

  private static int port(ByteBuffer in, int offset) {
    return (in.get(offset) & 0xff) << 8 | in.get(offset + 1) & 0xff;
  }

  private static InetAddress address(ByteBuffer in, int offset, int family)
      throws MalformedReplyException {
    return Attributes.address(in.slice(offset, family == AF_INET ? 4 : 16));
  }
}
