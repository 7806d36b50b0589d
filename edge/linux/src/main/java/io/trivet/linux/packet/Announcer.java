package io.trivet.linux.packet;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MacAddress;
import io.trivet.linux.NetworkNamespace;
import java.net.Inet4Address;
import java.net.InetAddress;

/// Tells the neighbours on one link where an address is now: gratuitous ARP in both forms for IPv4,
/// an unsolicited neighbour advertisement with the override flag to all nodes for IPv6.
/// Thread-safe.
public final class Announcer implements AutoCloseable {
  private final PacketSocket socket;

  private Announcer(PacketSocket socket) {
    this.socket = socket;
  }

  /// Announces for a link with the Ethernet address that it has now.
  public static Announcer open(NetworkNamespace namespace, String link) throws LinuxException {
    return new Announcer(PacketSocket.open(namespace, link, PacketSocket.NONE));
  }

  /// Announces an address `times` times, without a pause between: spacing is the caller's.
  ///
  /// @return how many frames left; less than asked when a guard dropped them ([ErrnoException]
  ///   ENOBUFS of the send)
  /// @throws ErrnoException ENETDOWN when the link is down
  public int announce(InetAddress address, int times) throws LinuxException {
    MacAddress mac = socket.mac();
    int left = 0;
    if (address instanceof Inet4Address) {
      byte[] request = ArpPacket.announcement(mac, address).toFrame(MacAddress.BROADCAST);
      byte[] reply = ArpPacket.gratuitousReply(mac, address).toFrame(MacAddress.BROADCAST);
      for (int i = 0; i < times; i++) {
        left += send(request) + send(reply);
      }
    } else {
      byte[] advertisement = NeighbourMessage.announcement(mac, address).toAllNodes();
      for (int i = 0; i < times; i++) {
        left += send(advertisement);
      }
    }
    return left;
  }

  /// The Ethernet address that it announces: that of the link when this was opened.
  public MacAddress mac() {
    return socket.mac();
  }

  @Override
  public void close() {
    socket.close();
  }

  private int send(byte[] frame) throws LinuxException {
    try {
      socket.send(frame);
      return 1;
    } catch (ErrnoException e) {
      if (e.errno().equals(Errno.ENOBUFS) || e.errno().equals(Errno.EPERM)) {
        return 0;
      }
      throw e;
    }
  }
}
