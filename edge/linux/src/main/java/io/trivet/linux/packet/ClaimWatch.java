package io.trivet.linux.packet;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MacAddress;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.ffi.SocketFilter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who else on one link says that an address is his: ARP whose sender it is (RFC 5227, 2.4),
/// neighbour advertisements whose target it is (RFC 4862, 5.4.4). Other frames do not get this far.
/// Not thread-safe.
///
/// A switch shows what is sent to all, and what is sent to this station: [#ask] makes whoever has
/// an address answer to it.
public final class ClaimWatch implements AutoCloseable {
  private static final InetAddress UNSPECIFIED = InetAddress.ofLiteral("0.0.0.0");
  private static final int ICMPV6 = 58;
  private static final int NEIGHBOUR_ADVERTISEMENT = 136;
  private static final int NEXT_HEADER = 20;
  private static final int ICMP_TYPE = 54;
  private static final int ARP_SENDER = 28;

  /// The last word of the target.
  private static final int ND_TARGET = 74;

  /// Whoever sends without end is heard bit by bit.
  private static final int MOST_AT_ONCE = 500;

  private final PacketSocket arp;
  private final PacketSocket nd;
  private final List<InetAddress> addresses;

  private ClaimWatch(PacketSocket arp, PacketSocket nd, List<InetAddress> addresses) {
    this.arp = arp;
    this.nd = nd;
    this.addresses = addresses;
  }

  /// A claim.
  ///
  /// @param mac whose it is
  public record Claim(InetAddress address, MacAddress mac) {}

  /// The Ethernet address of the link when listening began; answers to questions go there.
  public MacAddress mac() {
    return arp.mac();
  }

  /// Begins to listen.
  ///
  /// @param addresses of both families, at most some hundred
  public static ClaimWatch open(
      NetworkNamespace namespace, String link, List<InetAddress> addresses) throws LinuxException {
    PacketSocket arp = PacketSocket.open(namespace, link, PacketSocket.ARP);
    try {
      PacketSocket nd = PacketSocket.open(namespace, link, PacketSocket.IPV6);
      arp.filter(new SocketFilter().end(ARP_SENDER, lastWords(addresses, true), true));
      nd.filter(
          new SocketFilter()
              .requireByte(NEXT_HEADER, ICMPV6)
              .requireByte(ICMP_TYPE, NEIGHBOUR_ADVERTISEMENT)
              .end(ND_TARGET, lastWords(addresses, false), true));
      arp.ignoreOutgoing();
      nd.ignoreOutgoing();
      return new ClaimWatch(arp, nd, List.copyOf(addresses));
    } catch (LinuxException e) {
      arp.close();
      throw e;
    }
  }

  private static List<Integer> lastWords(List<InetAddress> addresses, boolean v4) {
    return addresses.stream()
        .filter(address -> address instanceof Inet4Address == v4)
        .map(address -> ByteBuffer.wrap(address.getAddress()).getInt(v4 ? 0 : 12))
        .distinct()
        .toList();
  }

  /// Asks all stations whether one of them has the address, without saying that it is ours.
  ///
  /// @throws ErrnoException ENETDOWN when the link is down, ENXIO when it is gone
  public void ask(InetAddress address) throws LinuxException {
    if (address instanceof Inet4Address) {
      arp.send(ArpPacket.request(arp.mac(), UNSPECIFIED, address).toFrame(MacAddress.BROADCAST));
    } else {
      nd.send(NeighbourMessage.probe(nd.mac(), address));
    }
  }

  /// Descriptors that are readable when somebody claimed something.
  public List<Integer> fds() {
    return List.of(arp.fd(), nd.fd());
  }

  /// What others claimed since the last call, some hundred frames of it at most; does not wait.
  ///
  /// @return each claim once, with the moment of the last time it was made, on the clock of
  ///   [System#nanoTime]
  public Map<Claim, Long> read() throws LinuxException {
    Map<Claim, Long> claims = new LinkedHashMap<>();
    for (PacketSocket socket : List.of(arp, nd)) {
      for (int i = 0; i < MOST_AT_ONCE; i++) {
        Frame frame = next(socket);
        if (frame == null) {
          break;
        }
        Claim claim = claim(frame);
        if (claim != null
            && addresses.contains(claim.address())
            && !claim.mac().equals(socket.mac())) {
          claims.put(claim, frame.arrivedNanos());
        }
      }
    }
    return claims;
  }

  /// The socket says once that its link went down.
  private static @Nullable Frame next(PacketSocket socket) throws LinuxException {
    try {
      return socket.receive(0);
    } catch (ErrnoException e) {
      if (e.errno().equals(Errno.ENETDOWN)) {
        return null;
      }
      throw e;
    }
  }

  private static @Nullable Claim claim(Frame frame) {
    ArpPacket arp = ArpPacket.parse(frame);
    if (arp != null) {
      return new Claim(arp.senderAddress(), arp.senderMac());
    }
    NeighbourMessage message = NeighbourMessage.parse(frame);
    if (message == null || message.kind() != NeighbourMessage.Kind.ADVERTISEMENT) {
      return null;
    }
    MacAddress mac = message.mac();
    return new Claim(message.target(), mac == null ? MacAddress.of(frame.octets(), 6) : mac);
  }

  @Override
  public void close() {
    arp.close();
    nd.close();
  }
}
