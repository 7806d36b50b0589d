package io.trivet.lab.observe;

import io.trivet.lab.node.Node;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.packet.Frame;
import io.trivet.linux.packet.PacketSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The VIP as a client sees it: the client's own kernel opens a TCP connection to the load balancer
/// every few milliseconds, with its own ARP table and all that is stale in it. An answer is the
/// SYN-ACK that passes the switch toward the client, at the time when the kernel saw it. A dead
/// load balancer gives none.
///
/// A connection is given up after a while and closed with a reset, so that neither side keeps it.
final class ClientWatch implements AutoCloseable {
  private static final long RECEIVE_NANOS = 100_000_000L;
  private static final long PATIENCE_NANOS = 400_000_000L;
  private static final int SOCKETS_AT_ONCE = 40;

  private final NetworkNamespace client;
  private final PacketSocket port;
  private final InetSocketAddress target;
  private final byte[] vip;
  private final Deque<SocketChannel> unused = new ArrayDeque<>();
  private final Deque<Attempt> attempts = new ArrayDeque<>();
  private final List<Long> answers = new ArrayList<>();
  private final List<Long> asked = new ArrayList<>();
  private volatile boolean closed;

  private record Attempt(SocketChannel channel, long sinceNanos) {}

  ClientWatch(NetworkNamespace network, NetworkNamespace client, Inet4Address vip, int tcpPort)
      throws LinuxException {
    this.client = client;
    this.vip = vip.getAddress();
    this.target = new InetSocketAddress(vip, tcpPort);
    this.port = PacketSocket.open(network, Node.CLIENT.port(), PacketSocket.ALL);
  }

  /// Begins one connection and ends those that have had their time.
  void ask() throws LinuxException, IOException {
    long now = System.nanoTime();
    while (!attempts.isEmpty() && now - attempts.getFirst().sinceNanos() > PATIENCE_NANOS) {
      attempts.removeFirst().channel().close();
    }
    if (unused.isEmpty()) {
      client.run(this::makeSockets);
    }
    SocketChannel channel = unused.removeFirst();
    synchronized (asked) {
      asked.add(now);
    }
    try {
      channel.connect(target);
    } catch (IOException e) {
      channel.close(); // refused or unreachable at once: that was the answer
      return;
    }
    attempts.addLast(new Attempt(channel, now));
  }

  /// Receives until closed; the body of a thread of its own.
  void watch() {
    try {
      while (!closed) {
        Frame frame = port.receive(RECEIVE_NANOS);
        if (frame != null
            && frame.etherType() == PacketSocket.IPV4
            && IcmpEcho.isFrom(frame.octets(), vip)
            && IcmpEcho.isSynAckFromPort(frame.octets(), target.getPort())) {
          synchronized (answers) {
            answers.add(frame.arrivedNanos());
          }
        }
      }
    } catch (LinuxException e) {
      // The client has lost its power: a drill never does that, so there is nothing to measure.
    }
  }

  Answers answers() {
    synchronized (answers) {
      return new Answers(answers);
    }
  }

  /// When it asked: a pause here is the observer's own.
  Answers asked() {
    synchronized (asked) {
      return new Answers(asked);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    port.close();
    for (SocketChannel channel : unused) {
      channel.close();
    }
    for (Attempt attempt : attempts) {
      attempt.channel().close();
    }
  }

  /// Sockets belong to the namespace in which they are made.
  private boolean makeSockets() {
    try {
      for (int i = 0; i < SOCKETS_AT_ONCE; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        unused.add(channel);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
