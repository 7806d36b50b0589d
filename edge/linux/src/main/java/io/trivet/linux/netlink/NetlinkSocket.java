package io.trivet.linux.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.ffi.Libc;
import io.trivet.linux.ffi.SocketFilter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One netlink socket: a request and its answer at a time, with sequence numbers, acknowledgements,
/// the kernel's sentences, and bounds on time and size (linux/netlink.h; RFC 3549 for the model).
///
/// The kernel answers a request before `sendto` returns, so the receive timeout of two seconds only
/// ends a wait for something that will not come. Only messages from the kernel itself (port 0) are
/// read. Thread-safe: calls are serialised.
public final class NetlinkSocket implements AutoCloseable {
  public static final int ROUTE = 0;
  public static final int SOCK_DIAG = 4;
  public static final int NETFILTER = 12;

  /// NLM_F_REQUEST and friends.
  public static final int REQUEST = 1;

  public static final int ACK = 4;
  public static final int DUMP = 0x300;
  public static final int REPLACE = 0x100;
  public static final int EXCL = 0x200;
  public static final int CREATE = 0x400;
  public static final int APPEND = 0x800;

  /// A dump datagram has at most 32 KiB (netlink_dump in the kernel); a batch of ours stays below
  /// as well.
  private static final int BUFFER = 64 * 1024;

  /// More objects than any machine of ours has: a bound for the memory of one answer.
  private static final int MAX_DUMPED = 1_000_000;

  private static final int MAX_DUMP_TRIES = 10;
  private static final int SOL_NETLINK = 270;
  private static final int SOL_SOCKET = 1;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment out = arena.allocate(BUFFER, 8);
  private final MemorySegment in = arena.allocate(BUFFER, 8);
  private final MemorySegment sender = arena.allocate(12, 4);
  private final MemorySegment senderSize = arena.allocate(4, 4);
  private final ByteBuffer inView = in.asByteBuffer().order(ByteOrder.nativeOrder());
  private final MessageWriter writer = new MessageWriter(out.asByteBuffer());
  private final int fd;
  private int sequence = (int) System.nanoTime();
  private boolean closed;

  private NetlinkSocket(int fd) {
    this.fd = fd;
  }

  /// Opens a socket in a namespace.
  ///
  /// @param groups the old-style multicast group mask to subscribe to, 0 for none
  public static NetlinkSocket open(NetworkNamespace namespace, int protocol, int groups)
      throws LinuxException {
    int fd =
        namespace.run(
            () ->
                ErrnoException.check(
                    Libc.socket(16, 3 | 0x80000, protocol), // AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC
                    "open a netlink socket in " + namespace));
    NetlinkSocket socket = new NetlinkSocket(fd);
    try {
      socket.prepare(groups);
    } catch (LinuxException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  private void prepare(int groups) throws LinuxException {
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment address = temporary.allocate(12, 4);
      address.set(JAVA_SHORT, 0, (short) 16);
      address.set(JAVA_INT, 8, groups);
      ErrnoException.check(Libc.bind(fd, address, 12), "bind a netlink socket");
      MemorySegment timeout = temporary.allocate(16, 8);
      timeout.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, 2);
      ErrnoException.check(
          Libc.setsockopt(fd, SOL_SOCKET, 20, timeout, 16), // SO_RCVTIMEO
          "set the receive timeout of a netlink socket");
    }
    // Courtesies of newer kernels: without them everything works, with less said.
    Libc.setsockopt(fd, SOL_NETLINK, 10, 1); // NETLINK_CAP_ACK
    Libc.setsockopt(fd, SOL_NETLINK, 11, 1); // NETLINK_EXT_ACK
    Libc.setsockopt(fd, SOL_SOCKET, 8, 1 << 20); // SO_RCVBUF
  }

  /// What a request writes after its header is begun.
  @FunctionalInterface
  public interface Body {
    void write(MessageWriter out);
  }

  /// Makes an object of a message.
  @FunctionalInterface
  public interface Decoder<T> {
    /// The decoded object, or null for one that the caller does not want.
    @Nullable T decode(Message message) throws MalformedReplyException;
  }

  /// Sends one request and waits for its acknowledgement.
  ///
  /// @param asked for the error message, as it would follow "cannot"
  public synchronized void request(int type, int flags, String asked, Body body)
      throws LinuxException {
    int number = send(type, flags | REQUEST | ACK, asked, body);
    while (true) {
      for (Message message : receive(asked)) {
        if (message.sequence() == number && message.type() == Message.ERROR) {
          failOn(message, asked);
          return;
        }
      }
    }
  }

  /// Sends one request that is answered by exactly one object (or an error).
  public synchronized <T> T get(int type, String asked, Body body, Decoder<T> decoder)
      throws LinuxException {
    int number = send(type, REQUEST, asked, body);
    while (true) {
      for (Message message : receive(asked)) {
        if (message.sequence() != number) {
          continue;
        }
        if (message.type() == Message.ERROR) {
          failOn(message, asked);
          throw new MalformedReplyException("the kernel acknowledged but did not " + asked);
        }
        T decoded = decoder.decode(message);
        if (decoded == null) {
          throw new MalformedReplyException(
              "the kernel answered something else when asked to " + asked);
        }
        return decoded;
      }
    }
  }

  /// Sends one dump request and collects the objects, in the kernel's order. Repeats a dump that
  /// was interrupted by a change.
  public synchronized <T> List<T> dump(int type, String asked, Body body, Decoder<T> decoder)
      throws LinuxException {
    for (int tries = 0; tries < MAX_DUMP_TRIES; tries++) {
      List<T> found = new ArrayList<>();
      if (dumpOnce(send(type, REQUEST | DUMP, asked, body), asked, decoder, found)) {
        return found;
      }
    }
    throw new MalformedReplyException(
        "cannot " + asked + ": it changes faster than it can be read");
  }

  private <T> boolean dumpOnce(int number, String asked, Decoder<T> decoder, List<T> found)
      throws LinuxException {
    boolean consistent = true;
    while (true) {
      for (Message message : receive(asked)) {
        if (message.sequence() != number) {
          continue;
        }
        consistent &= (message.flags() & Message.DUMP_INTERRUPTED) == 0;
        if (message.type() == Message.DONE || message.type() == Message.ERROR) {
          failOn(message, asked);
          return consistent;
        }
        T decoded = decoder.decode(message);
        if (decoded != null) {
          found.add(decoded);
        }
        if (found.size() > MAX_DUMPED) {
          throw new MalformedReplyException("cannot " + asked + ": the answer has no end");
        }
      }
    }
  }

  /// Sends a batch of nfnetlink messages: all of them take effect at once, or none.
  ///
  /// @param batch writes the messages, begin and end of the batch included, each with its number
  ///   from [Numbers#next]; the message before the end, and no other, asks for an acknowledgement
  public synchronized void batch(String asked, BatchBody batch) throws LinuxException {
    writer.reset();
    int first = sequence + 1;
    batch.write(writer, () -> ++sequence);
    int last = sequence - 1;
    transmit(asked);
    @Nullable ErrnoException refusal = null;
    while (true) {
      for (Message message : receive(asked)) {
        int number = message.sequence();
        if (message.type() != Message.ERROR || number - first < 0 || number - sequence > 0) {
          continue;
        }
        if (message.errno() != 0 && refusal == null) {
          refusal = new ErrnoException(new Errno(message.errno()), asked, message.sentence());
        }
        // An error for the first message is one of the batch as a whole: nothing else will come.
        if (number == last || number == first) {
          if (refusal != null) {
            drain();
            throw refusal;
          }
          if (number == last) {
            return;
          }
        }
      }
    }
  }

  /// What a batch writes: whole messages.
  @FunctionalInterface
  public interface BatchBody {
    void write(MessageWriter out, Numbers numbers);
  }

  /// Gives consecutive sequence numbers.
  @FunctionalInterface
  public interface Numbers {
    int next();
  }

  /// Waits for messages that were not asked for (multicast). Not for a socket that also makes
  /// requests.
  ///
  /// @return the empty list when the wait ended without any
  /// @throws ErrnoException ENOBUFS when messages were lost
  public List<Message> receiveEvents(String asked) throws LinuxException {
    int length = receiveDatagram(0x40); // MSG_DONTWAIT
    if (length == -Errno.EAGAIN.value()) {
      return List.of();
    }
    return parse(ErrnoException.check(length, asked), asked);
  }

  public int fd() {
    return fd;
  }

  /// Leaves out events that sockets of these numbers cause, before they wake anybody: the kernel
  /// looks at the header of the first message (`nlmsg_pid`).
  public void ignore(List<Integer> ports) throws LinuxException {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    List<Integer> words =
        ports.stream().map(port -> little ? Integer.reverseBytes(port) : port).toList();
    ErrnoException.check(
        new SocketFilter().end(12, words, false).attach(fd), "leave out one's own events");
  }

  /// The number by which the kernel knows this socket (nl_pid); other listeners see it in what this
  /// socket causes.
  public synchronized int portId() throws LinuxException {
    senderSize.set(JAVA_INT, 0, 12);
    ErrnoException.check(
        Libc.getsockname(fd, sender, senderSize), "look up the number of a netlink socket");
    return sender.get(JAVA_INT, 4);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(fd);
      arena.close();
    }
  }

  private int send(int type, int flags, String asked, Body body) throws LinuxException {
    int number = ++sequence;
    writer.reset().begin(type, flags).sequence(number);
    body.write(writer);
    writer.end();
    transmit(asked);
    return number;
  }

  private void transmit(String asked) throws LinuxException {
    if (closed) {
      throw new ErrnoException(Errno.EBADF, asked);
    }
    int sent;
    do {
      sent = Libc.sendto(fd, out, writer.position(), 0, MemorySegment.NULL, 0);
    } while (sent == -Errno.EINTR.value());
    ErrnoException.check(sent, asked);
  }

  private List<Message> receive(String asked) throws LinuxException {
    int length = receiveDatagram(0);
    if (length == -Errno.EAGAIN.value()) {
      throw new MalformedReplyException(
          "cannot " + asked + ": the kernel did not answer within 2 s");
    }
    return parse(ErrnoException.check(length, asked), asked);
  }

  private List<Message> parse(int length, String asked) throws LinuxException {
    if (length > BUFFER) {
      throw new MalformedReplyException("cannot " + asked + ": an answer of " + length + " octets");
    }
    if (sender.get(JAVA_INT, 4) != 0) {
      return List.of(); // not from the kernel
    }
    return Message.parse(inView.limit(length).position(0));
  }

  private int receiveDatagram(int flags) {
    int length;
    do {
      senderSize.set(JAVA_INT, 0, 12);
      length =
          Libc.recvfrom(
              fd, in, BUFFER, flags | 0x20, sender, senderSize); // MSG_TRUNC: the real length
    } while (length == -Errno.EINTR.value());
    return length;
  }

  /// Forgets answers that nobody waits for any more.
  private void drain() {
    while (receiveDatagram(0x40) > 0) {
      // each receive takes one datagram away
    }
  }

  private static void failOn(Message message, String asked) throws LinuxException {
    int errno = message.errno();
    if (errno != 0) {
      throw new ErrnoException(new Errno(errno), asked, message.sentence());
    }
  }
}
