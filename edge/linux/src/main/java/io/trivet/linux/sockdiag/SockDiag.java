package io.trivet.linux.sockdiag;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.netlink.NetlinkSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// The TCP connections of one network namespace, and their end from outside as `ss -K` does it:
/// both sides of the program see ECONNABORTED at once, and the peer a reset if it can still be
/// reached. Listeners are never touched.
///
/// Needs CAP_NET_ADMIN and a kernel with CONFIG_INET_DIAG_DESTROY. Thread-safe.
public final class SockDiag implements AutoCloseable {
  private final NetlinkSocket socket;

  private SockDiag(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// Opens a socket into a namespace.
  public static SockDiag open(NetworkNamespace namespace) throws LinuxException {
    return new SockDiag(NetlinkSocket.open(namespace, NetlinkSocket.SOCK_DIAG, 0));
  }

  /// The connections that are open or being opened or closed, both families.
  public List<TcpConnection> connections() throws LinuxException {
    return find(connection -> true).stream().map(SocketCodec.Found::connection).toList();
  }

  /// Ends the connections whose address on this machine is one of these.
  ///
  /// @return how many were ended
  public int destroyLocal(Collection<InetAddress> addresses) throws LinuxException {
    return destroy(connection -> addresses.contains(connection.localAddress()));
  }

  /// Ends the connections whose other end is one of these.
  ///
  /// @return how many were ended
  public int destroyRemote(Collection<InetAddress> addresses) throws LinuxException {
    return destroy(connection -> addresses.contains(connection.remoteAddress()));
  }

  /// Ends the connections that `which` names.
  ///
  /// @return how many were ended; one that ended by itself meanwhile is not counted
  public int destroy(Predicate<TcpConnection> which) throws LinuxException {
    int ended = 0;
    for (SocketCodec.Found found : find(which)) {
      if (destroy(found)) {
        ended++;
      }
    }
    return ended;
  }

  private boolean destroy(SocketCodec.Found found) throws LinuxException {
    try {
      socket.request(
          SocketCodec.DESTROY,
          0,
          "end the connection from " + found.connection(),
          out -> SocketCodec.writeDestroy(out, found));
      return true;
    } catch (ErrnoException e) {
      if (e.errno().equals(Errno.ENOENT) || e.errno().equals(Errno.ESRCH)) {
        return false;
      }
      throw e;
    }
  }

  private List<SocketCodec.Found> find(Predicate<TcpConnection> which) throws LinuxException {
    List<SocketCodec.Found> all = new ArrayList<>();
    for (int family : new int[] {SocketCodec.AF_INET, SocketCodec.AF_INET6}) {
      all.addAll(
          socket.dump(
              SocketCodec.BY_FAMILY,
              "list TCP connections",
              out -> SocketCodec.writeDump(out, family),
              message -> {
                SocketCodec.Found found = SocketCodec.connection(message);
                return found != null && which.test(found.connection()) ? found : null;
              }));
    }
    return all;
  }

  @Override
  public void close() {
    socket.close();
  }
}
