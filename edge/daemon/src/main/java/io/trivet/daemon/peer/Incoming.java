package io.trivet.daemon.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections that others made: at most one from each peer (the newest), and a bounded number
/// of strangers that have not proved yet who they are.
final class Incoming {
  private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);
  static final int UNPROVED_MAX = 16;

  /// Longer than the peer's own patience: it is the peer that should give up.
  private static final long HANDSHAKE_MAX_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long ALIVE_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final PeerSettings settings;
  private final LinkWatch watch;
  private final ServerSocket server;
  private final Strangers strangers = new Strangers();
  private final AtomicInteger unprovedPeers = new AtomicInteger();
  private final AtomicInteger unprovedOthers = new AtomicInteger();
  private final SortedMap<String, Sender> senders = new TreeMap<>();
  private volatile boolean closed;

  Incoming(PeerSettings settings, PeerListener listener, LinkWatch watch) throws IOException {
    this.settings = settings;
    this.watch = watch;
    for (String peer : settings.peers().keySet()) {
      senders.put(peer, new Sender(peer, listener));
    }
    server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(settings.address(), 64);
    } catch (IOException e) {
      server.close();
      throw new IOException(
          "cannot listen on "
              + settings.address()
              + " for the other controllers: "
              + e.getMessage(),
          e);
    }
  }

  void start() {
    Thread.ofPlatform().daemon().name(settings.self() + "-peer-accept").start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  boolean up(String peer) {
    Sender sender = senders.get(peer);
    return sender != null && sender.up();
  }

  long received(String peer) {
    Sender sender = senders.get(peer);
    return sender == null ? 0 : sender.received();
  }

  void close() throws IOException {
    closed = true;
    server.close();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket plain = server.accept();
        AtomicInteger unproved = isPeerAddress(plain) ? unprovedPeers : unprovedOthers;
        if (unproved.incrementAndGet() > UNPROVED_MAX) {
          unproved.decrementAndGet();
          strangers.refused(plain.getRemoteSocketAddress(), "too many connections at once");
          plain.close();
          continue;
        }
        Thread.ofPlatform()
            .daemon()
            .name(settings.self() + "-from-peer")
            .start(() -> welcome(plain, unproved));
      } catch (IOException e) {
        if (!closed) {
          // For example no file descriptors left: do not spin, the next one may be accepted.
          LOG.warn("cannot accept a connection: {}", e.toString());
          pause();
        }
      }
    }
  }

  private boolean isPeerAddress(Socket plain) {
    return settings.peers().values().stream()
        .anyMatch(peer -> peer.getAddress().equals(plain.getInetAddress()));
  }

  private void welcome(Socket plain, AtomicInteger unproved) {
    boolean counted = true;
    settings.urgency().connecting();
    try (plain) {
      Connection connection =
          Connection.over(plain, settings.tls().get(), false, HANDSHAKE_MAX_NANOS, () -> {});
      watch.add(connection);
      try {
        String peer = connection.handshake();
        Frame.Reader reader = new Frame.Reader(connection.in());
        Sender sender = senders.get(peer);
        if (sender == null) {
          throw new IOException("\"" + peer + "\" is not a peer of this controller");
        }
        reader.expectGreeting();
        byte[] greeting = Frame.greeting();
        connection.write(greeting, 0, greeting.length);
        settings.urgency().connected();
        connection.establish();
        unproved.decrementAndGet();
        counted = false;
        Thread.currentThread().setName(settings.self() + "-from-" + peer);
        receive(sender, connection, reader);
      } catch (IOException e) {
        if (counted) {
          strangers.refused(plain.getRemoteSocketAddress(), connection.why(e));
        }
      } finally {
        connection.cut("ended");
        watch.remove(connection);
      }
    } catch (IOException e) {
      if (counted) {
        strangers.refused(plain.getRemoteSocketAddress(), e.toString());
      }
    } finally {
      if (counted) {
        unproved.decrementAndGet();
      }
    }
  }

  private static void receive(Sender sender, Connection connection, Frame.Reader reader) {
    sender.take(connection);
    byte[] alive = new byte[Frame.HEADER_BYTES];
    Frame.putHeader(alive, 0, Frame.ALIVE, 0);
    long toldNanos = System.nanoTime() - ALIVE_PERIOD_NANOS;
    try {
      while (true) {
        Frame frame = reader.next();
        if (frame.kind() != Frame.ALIVE) {
          sender.deliver(connection, frame);
        }
        long now = System.nanoTime();
        if (now - toldNanos >= ALIVE_PERIOD_NANOS) {
          toldNanos = now;
          connection.write(alive, 0, alive.length);
        }
      }
    } catch (Frame.ProtocolError e) {
      LOG.warn("connection from {} ended: {}", sender.peer, connection.why(e));
    } catch (IOException e) {
      LOG.debug("connection from {} ended: {}", sender.peer, connection.why(e));
    } finally {
      sender.release(connection);
    }
  }

  /// One peer that sends: its newest connection delivers, and only one message at a time.
  private static final class Sender {
    private final String peer;
    private final PeerListener listener;
    private final AtomicReference<@Nullable Connection> standing = new AtomicReference<>();
    private final AtomicLong received = new AtomicLong();
    private final ReentrantLock delivery = new ReentrantLock();

    Sender(String peer, PeerListener listener) {
      this.peer = peer;
      this.listener = listener;
    }

    void take(Connection connection) {
      Connection older = standing.getAndSet(connection);
      if (older != null) {
        older.cut("a newer connection took its place");
      }
    }

    void release(Connection connection) {
      standing.compareAndSet(connection, null);
    }

    void deliver(Connection from, Frame frame) {
      from.delivering(true);
      delivery.lock();
      try {
        if (standing.get() == from) {
          received.incrementAndGet();
          listener.arrived(peer, frame.kind(), frame.body());
        }
      } finally {
        delivery.unlock();
        from.delivering(false);
      }
    }

    boolean up() {
      return standing.get() != null;
    }

    long received() {
      return received.get();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
