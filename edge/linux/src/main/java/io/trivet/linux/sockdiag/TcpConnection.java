package io.trivet.linux.sockdiag;

import java.net.InetAddress;

/// A TCP socket of the kernel. An IPv4 connection of an IPv6 socket (RFC 4291, 2.5.5.2) shows as
/// IPv4.
///
/// @param state the kernel's TCP state, 1 ESTABLISHED to 12 NEW_SYN_RECV
public record TcpConnection(
    InetAddress localAddress, int localPort, InetAddress remoteAddress, int remotePort, int state) {
  @Override
  public String toString() {
    return localAddress.getHostAddress()
        + ":"
        + localPort
        + " to "
        + remoteAddress.getHostAddress()
        + ":"
        + remotePort;
  }
}
