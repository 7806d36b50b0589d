package io.trivet.lab.observe;

import io.trivet.lab.node.Node;
import io.trivet.lab.node.Switch;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MacAddress;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.packet.ArpPacket;
import io.trivet.linux.packet.Frame;
import io.trivet.linux.packet.PacketSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/// One controller as seen at its port of the switch: asked for the VIP with frames that reach
/// nobody else, and every answer that comes out of it.
///
/// It asks in two ways: an ARP request to all addresses behind the port, and ICMP echo requests to
/// each Ethernet address that was ever seen there (the controller's own, and that of a macvlan in a
/// namespace). Both go into the cable itself, past the switch, so a controller that the switch cuts
/// off is still seen. A port whose node has no power has no cable; it is opened again when it comes
/// back.
final class PortWatch implements AutoCloseable {
  private static final long RECEIVE_NANOS = 100_000_000L;
  private static final int IDENTIFIER = 0x7674;
  private static final int MOST_ADDRESSES = 8;
  private static final long REOPEN_MILLIS = 10;

  private final NetworkNamespace namespace;
  private final Node node;
  private final Inet4Address vip;
  private final Inet4Address observer;
  private final MacAddress source = MacAddress.parse(Switch.MAC);
  private final List<Long> answers = new ArrayList<>();
  private final Set<Long> addresses = new ConcurrentSkipListSet<>();
  private final byte[] arpRequest;
  private volatile boolean closed;
  private volatile @Nullable PacketSocket socket;

  PortWatch(NetworkNamespace namespace, Node node, Inet4Address vip, Inet4Address observer) {
    this.namespace = namespace;
    this.node = node;
    this.vip = vip;
    this.observer = observer;
    this.arpRequest = ArpPacket.request(source, observer, vip).toFrame(MacAddress.BROADCAST);
  }

  Node node() {
    return node;
  }

  /// Asks once. Does nothing while there is no cable.
  void ask(int sequence) {
    PacketSocket open = socket;
    if (open == null) {
      return;
    }
    try {
      open.send(arpRequest);
      for (long address : addresses) {
        open.send(
            IcmpEcho.request(new MacAddress(address), source, observer, vip, IDENTIFIER, sequence));
      }
    } catch (LinuxException | IllegalStateException e) {
      // The cable is out or the node has just lost its power: nobody hears, nobody answers.
    }
  }

  /// Receives until closed; the body of a thread of its own.
  void watch() {
    while (!closed) {
      try (PacketSocket opened = PacketSocket.open(namespace, node.port(), PacketSocket.ALL)) {
        opened.ignoreOutgoing();
        socket = opened;
        receive(opened);
      } catch (LinuxException e) {
        awaitCable();
      } finally {
        socket = null;
      }
    }
  }

  /// When it answered for the VIP.
  Answers answers() {
    synchronized (answers) {
      return new Answers(answers);
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  private void receive(PacketSocket open) throws LinuxException {
    byte[] vipOctets = vip.getAddress();
    while (!closed) {
      Frame frame = open.receive(RECEIVE_NANOS);
      if (frame == null) {
        continue;
      }
      byte[] octets = frame.octets();
      if (octets.length >= 14 && addresses.size() < MOST_ADDRESSES) {
        addresses.add(MacAddress.of(octets, 6).bits());
      }
      boolean answer =
          switch (frame.etherType()) {
            case PacketSocket.IPV4 -> IcmpEcho.isFrom(octets, vipOctets);
            case PacketSocket.ARP -> claims(ArpPacket.parse(frame), vip);
            default -> false;
          };
      if (answer) {
        synchronized (answers) {
          answers.add(frame.arrivedNanos());
        }
      }
    }
  }

  /// Whether it says that the sender has that address, asked or unasked.
  private static boolean claims(@Nullable ArpPacket packet, InetAddress address) {
    return packet != null
        && packet.senderAddress().equals(address)
        && (packet.operation() == ArpPacket.Operation.REPLY || packet.gratuitous());
  }

  private void awaitCable() {
    try {
      Thread.sleep(REOPEN_MILLIS);
    } catch (InterruptedException e) {
      closed = true;
    }
  }
}
