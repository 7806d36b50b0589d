package io.trivet.linux.packet;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MacAddress;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.ffi.InputWait;
import io.trivet.linux.ffi.Libc;
import io.trivet.linux.ffi.SocketFilter;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.RouteSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Raw Ethernet frames on one link of one namespace (packet(7), AF_PACKET with SOCK_RAW). Needs
/// CAP_NET_RAW.
///
/// Frames sent here do not pass the arp and inet tables of nftables; the netdev egress hook they
/// do. One thread may send while another receives; receiving blocks its thread natively, so it
/// should be a platform thread.
public final class PacketSocket implements AutoCloseable {
  /// Every frame, those that this machine sends included.
  public static final int ALL = 0x0003;

  /// No frame: for a socket that only sends.
  public static final int NONE = 0;

  public static final int ARP = 0x0806;
  public static final int IPV4 = 0x0800;
  public static final int IPV6 = 0x86dd;

  private static final int LARGEST_FRAME = 65_550;
  private static final int AF_PACKET = 17;
  private static final int SOL_SOCKET = 1;
  private static final int SOL_PACKET = 263;
  private static final int SO_TIMESTAMPNS = 35;
  private static final int CLOCK_REALTIME = 0;
  private static final int PACKET_OUTGOING = 4;
  private static final int CLOCK_TRIES = 10;
  private static final long SAME_INSTANT_NANOS = 20_000;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment out = arena.allocate(LARGEST_FRAME, 8);
  private final MemorySegment in = arena.allocate(LARGEST_FRAME, 8);
  private final MemorySegment from = arena.allocate(20, 8);
  private final MemorySegment control = arena.allocate(128, 8);
  private final MemorySegment vector = arena.allocate(16, 8);
  private final MemorySegment header = arena.allocate(56, 8);
  private final MemorySegment clock = arena.allocate(16, 8);
  private final ReentrantLock receiving = new ReentrantLock();
  private final ReentrantLock sending = new ReentrantLock();
  private final InputWait input;
  private final int fd;
  private final Link link;
  private volatile boolean closed;

  private PacketSocket(int fd, Link link, InputWait input) {
    this.fd = fd;
    this.link = link;
    this.input = input;
    vector.set(ADDRESS, 0, in);
    vector.set(JAVA_LONG, 8, LARGEST_FRAME);
  }

  /// Opens a socket on a link.
  ///
  /// @param etherType which frames to receive: [#ALL], [#NONE] or an EtherType
  /// @throws ErrnoException ENODEV when there is no such link
  public static PacketSocket open(NetworkNamespace namespace, String linkName, int etherType)
      throws LinuxException {
    Link link;
    try (RouteSocket route = RouteSocket.open(namespace)) {
      link =
          route
              .link(linkName)
              .orElseThrow(
                  () ->
                      new ErrnoException(
                          Errno.ENODEV, "open link " + linkName + " in " + namespace));
    }
    String asked = "open a packet socket on " + linkName + " in " + namespace;
    // Protocol 0 until bound: no frame of another link gets in before.
    int fd =
        namespace.run(() -> ErrnoException.check(Libc.socket(AF_PACKET, 3 | 0x80000, 0), asked));
    InputWait input;
    try {
      input = new InputWait();
    } catch (ErrnoException e) {
      Libc.close(fd);
      throw e;
    }
    PacketSocket socket = new PacketSocket(fd, link, input);
    try {
      socket.bind(etherType, asked);
      return socket;
    } catch (LinuxException e) {
      socket.close();
      throw e;
    }
  }

  private void bind(int etherType, String asked) throws LinuxException {
    ErrnoException.check(Libc.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1), asked);
    Libc.setsockopt(
        fd, SOL_SOCKET, 33, 4 << 20); // SO_RCVBUFFORCE; without it a burst may be lost, no more
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment address = temporary.allocate(20, 4);
      address.set(JAVA_SHORT, 0, (short) AF_PACKET);
      address.set(JAVA_BYTE, 2, (byte) (etherType >> 8));
      address.set(JAVA_BYTE, 3, (byte) etherType);
      address.set(JAVA_INT, 4, link.index());
      ErrnoException.check(Libc.bind(fd, address, 20), asked);
    }
  }

  /// Receives frames for other stations too, while the socket is open.
  public void promiscuous() throws LinuxException {
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment request = temporary.allocate(16, 4); // struct packet_mreq
      request.set(JAVA_INT, 0, link.index());
      request.set(JAVA_SHORT, 4, (short) 1); // PACKET_MR_PROMISC
      ErrnoException.check(
          Libc.setsockopt(fd, SOL_PACKET, 1, request, 16), // PACKET_ADD_MEMBERSHIP
          "make " + link.name() + " promiscuous");
    }
  }

  /// Takes only frames that the filter lets through.
  void filter(SocketFilter filter) throws LinuxException {
    ErrnoException.check(filter.attach(fd), "filter frames on " + link.name());
  }

  /// Leaves out what this machine sends (Linux 4.20).
  public void ignoreOutgoing() throws LinuxException {
    ErrnoException.check(
        Libc.setsockopt(fd, SOL_PACKET, 23, 1), "leave out outgoing frames on " + link.name());
  }

  /// Sends one frame, complete from the destination address on.
  ///
  /// @throws ErrnoException ENETDOWN when the link is down; ENOBUFS when the frame was dropped on
  ///   the way to the link, as a netdev egress rule does
  public void send(byte[] frame) throws LinuxException {
    sending.lock();
    try {
      requireOpen();
      MemorySegment.copy(frame, 0, out, JAVA_BYTE, 0, frame.length);
      int sent;
      do {
        sent = Libc.sendto(fd, out, frame.length, 0, MemorySegment.NULL, 0);
      } while (sent == -Errno.EINTR.value());
      if (sent < 0) {
        throw new ErrnoException(new Errno(-sent), "send a frame through " + link.name());
      }
    } finally {
      sending.unlock();
    }
  }

  /// Waits for the next frame.
  ///
  /// @param timeoutNanos negative to wait for ever; grain of a millisecond
  /// @return null when none came in time, or when the socket was closed meanwhile
  /// @throws ErrnoException ENETDOWN once when the link goes down; the socket stays usable
  public @Nullable Frame receive(long timeoutNanos) throws LinuxException {
    receiving.lock();
    try {
      long deadline = System.nanoTime() + timeoutNanos;
      while (!closed) {
        long left = timeoutNanos < 0 ? -1 : Math.max(0, deadline - System.nanoTime());
        if (!input.await(fd, left)) {
          return null;
        }
        prepareHeader();
        int length = Libc.recvmsg(fd, header, 0x40); // MSG_DONTWAIT
        if (length == -Errno.EAGAIN.value() || length == -Errno.EINTR.value()) {
          continue;
        }
        return frame(ErrnoException.check(length, "receive from " + link.name()));
      }
      return null;
    } finally {
      receiving.unlock();
    }
  }

  public Link link() {
    return link;
  }

  /// The link's Ethernet address when the socket was opened.
  public MacAddress mac() {
    MacAddress mac = link.mac();
    return mac == null ? MacAddress.ZERO : mac;
  }

  /// Its descriptor, to be waited for with others.
  int fd() {
    return fd;
  }

  /// Ends a [#receive] that waits.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    input.wake();
    receiving.lock();
    sending.lock();
    try {
      Libc.close(fd);
      input.close();
      arena.close();
    } finally {
      sending.unlock();
      receiving.unlock();
    }
  }

  private void requireOpen() throws ErrnoException {
    if (closed) {
      throw new ErrnoException(Errno.EBADF, "send a frame through " + link.name());
    }
  }

  /// `struct msghdr`: name, its length, vector, count, control, its length, flags.
  private void prepareHeader() {
    header.set(ADDRESS, 0, from);
    header.set(JAVA_INT, 8, 20);
    header.set(ADDRESS, 16, vector);
    header.set(JAVA_LONG, 24, 1);
    header.set(ADDRESS, 32, control);
    header.set(JAVA_LONG, 40, 128);
    header.set(JAVA_INT, 48, 0);
  }

  private Frame frame(int length) {
    byte[] octets = new byte[length];
    MemorySegment.copy(in, JAVA_BYTE, 0, octets, 0, length);
    return new Frame(octets, arrivedNanos(), from.get(JAVA_BYTE, 10) == PACKET_OUTGOING);
  }

  /// The kernel's stamp is wall-clock time; its age now gives the time on the monotonic clock. Both
  /// clocks must be read at the same instant: a reading with a pause in between is repeated.
  private long arrivedNanos() {
    boolean stamped =
        header.get(JAVA_LONG, 40) >= 32
            && control.get(JAVA_INT, 8) == SOL_SOCKET
            && control.get(JAVA_INT, 12) == SO_TIMESTAMPNS;
    long now = System.nanoTime();
    for (int i = 0; stamped && i < CLOCK_TRIES; i++) {
      if (Libc.clockGettime(CLOCK_REALTIME, clock) < 0) {
        return now;
      }
      long after = System.nanoTime();
      if (after - now < SAME_INSTANT_NANOS || i == CLOCK_TRIES - 1) {
        long seconds = clock.get(JAVA_LONG, 0) - control.get(JAVA_LONG, 16);
        long age = seconds * 1_000_000_000L + clock.get(JAVA_LONG, 8) - control.get(JAVA_LONG, 24);
        return after - Math.max(0, age);
      }
      now = after;
    }
    return now;
  }
}
