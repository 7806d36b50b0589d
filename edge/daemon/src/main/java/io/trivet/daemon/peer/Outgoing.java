package io.trivet.daemon.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The own connection to one peer, made again whenever it ends. One thread connects and writes; a
/// second one, as long as a connection stands, reads the peer's signs of life.
final class Outgoing {
  private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);
  static final int CONNECT_MAX_MILLIS = 300;
  static final long ATTEMPT_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /// Time for the handshake: short, because after a cut one that hangs delays the next attempt; but
  /// doubled after each that was too short, or a machine that is overloaded at start would never
  /// connect.
  static final long HANDSHAKE_MIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  static final long HANDSHAKE_MAX_NANOS = TimeUnit.SECONDS.toNanos(8);
  static final long ALIVE_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final int SAID_MAX = 8;
  private static final int BUFFER_BYTES = 16 * 1024;

  private final String peer;
  private final InetSocketAddress address;
  private final PeerSettings settings;
  private final PeerListener listener;
  private final LinkWatch watch;
  private final Outbox outbox = new Outbox();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final Thread thread;
  private volatile boolean up;
  private volatile boolean closed;
  private long handshakeNanos = HANDSHAKE_MIN_NANOS;
  private final Set<String> saidFailures = new HashSet<>();

  Outgoing(
      String peer,
      InetSocketAddress address,
      PeerSettings settings,
      PeerListener listener,
      LinkWatch watch) {
    this.peer = peer;
    this.address = address;
    this.settings = settings;
    this.listener = listener;
    this.watch = watch;
    this.thread =
        Thread.ofPlatform().daemon().name(settings.self() + "-to-" + peer).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void send(byte kind, byte[] body) {
    outbox.put(new Frame(kind, body, System.nanoTime()));
  }

  boolean up() {
    return up;
  }

  long sent() {
    return sent.get();
  }

  long dropped() {
    return outbox.dropped();
  }

  long connects() {
    return connects.get();
  }

  long failures() {
    return failures.get();
  }

  void close() {
    closed = true;
    thread.interrupt();
    outbox.wake();
  }

  private void run() {
    try {
      while (!closed) {
        long start = System.nanoTime();
        attempt();
        long pause = ATTEMPT_PERIOD_NANOS - (System.nanoTime() - start);
        if (pause > 0 && !closed) {
          TimeUnit.NANOSECONDS.sleep(pause);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  /// Connects and stays until the connection ends.
  private void attempt() throws InterruptedException {
    settings.urgency().connecting();
    try (Socket plain = new Socket()) {
      plain.bind(new InetSocketAddress(settings.address().getAddress(), 0));
      plain.connect(address, CONNECT_MAX_MILLIS);
      Connection connection =
          Connection.over(plain, settings.tls().get(), true, handshakeNanos, outbox::wake);
      watch.add(connection);
      try {
        serve(connection);
      } catch (IOException e) {
        if (connection.isCut()) {
          handshakeNanos = Math.min(2 * handshakeNanos, HANDSHAKE_MAX_NANOS);
        }
        failed(connection.why(e));
      } finally {
        connection.cut("ended");
        watch.remove(connection);
      }
    } catch (IOException e) {
      failed(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void serve(Connection connection) throws IOException, InterruptedException {
    String name = connection.handshake();
    if (!name.equals(peer)) {
      throw new IOException(
          "at " + address + " answers \"" + name + "\" instead of \"" + peer + "\"");
    }
    byte[] greeting = Frame.greeting();
    connection.write(greeting, 0, greeting.length);
    Frame.Reader reader = new Frame.Reader(connection.in());
    // In TLS 1.3 a client is not told by the handshake that it was refused; the greeting tells.
    reader.expectGreeting();
    settings.urgency().connected();
    connection.establish();
    Thread ears =
        Thread.ofPlatform()
            .daemon()
            .name(settings.self() + "-to-" + peer + "-ears")
            .unstarted(() -> listen(connection, reader));
    ears.start();
    connects.incrementAndGet();
    saidFailures.clear();
    handshakeNanos = HANDSHAKE_MIN_NANOS;
    LOG.info("connected to {} at {}", peer, address);
    up = true;
    listener.connected(peer);
    String why = "the channel was closed";
    try {
      outbox.dropStale(System.nanoTime());
      writeWhileItStands(connection);
    } catch (IOException e) {
      why = connection.why(e);
    } finally {
      up = false;
      connection.cut(why);
      if (!closed) {
        LOG.warn("connection to {} ended: {}", peer, why);
        listener.disconnected(peer, why);
      }
    }
  }

  private void listen(Connection connection, Frame.Reader reader) {
    settings.urgency().connected();
    try {
      while (true) {
        Frame frame = reader.next();
        if (frame.kind() != Frame.ALIVE || frame.body().length != 0) {
          throw new Frame.ProtocolError("a message on the way back, where only signs of life go");
        }
      }
    } catch (IOException e) {
      connection.cut(connection.why(e));
    }
  }

  private void writeWhileItStands(Connection connection) throws IOException, InterruptedException {
    while (!closed) {
      Frame frame = outbox.take(ALIVE_PERIOD_NANOS);
      if (connection.isCut()) {
        if (frame != null) {
          outbox.countDropped();
        }
        throw new IOException("cut");
      }
      if (frame == null) {
        Frame.putHeader(buffer, 0, Frame.ALIVE, 0);
        connection.write(buffer, 0, Frame.HEADER_BYTES);
      } else if (frame.wireBytes() > BUFFER_BYTES) {
        writeLarge(connection, frame);
      } else {
        connection.write(buffer, 0, pack(frame));
      }
    }
  }

  /// Puts the frame and all that wait behind it and fit into one write, which becomes one TLS
  /// record.
  private int pack(Frame first) {
    int filled = 0;
    for (@Nullable Frame frame = first; frame != null; frame = outbox.poll(BUFFER_BYTES - filled)) {
      Frame.putHeader(buffer, filled, frame.kind(), frame.body().length);
      System.arraycopy(frame.body(), 0, buffer, filled + Frame.HEADER_BYTES, frame.body().length);
      filled += frame.wireBytes();
      sent.incrementAndGet();
    }
    return filled;
  }

  /// In pieces, so that a slow but living peer is not taken for a stuck one.
  private void writeLarge(Connection connection, Frame frame) throws IOException {
    Frame.putHeader(buffer, 0, frame.kind(), frame.body().length);
    connection.write(buffer, 0, Frame.HEADER_BYTES);
    for (int at = 0; at < frame.body().length; at += BUFFER_BYTES) {
      connection.write(frame.body(), at, Math.min(BUFFER_BYTES, frame.body().length - at));
    }
    sent.incrementAndGet();
  }

  /// Each reason is said once until the connection stands again: attempts go on five times a
  /// second.
  private void failed(String why) {
    failures.incrementAndGet();
    if (!closed && saidFailures.size() < SAID_MAX && saidFailures.add(why)) {
      LOG.info("no connection to {} at {} yet: {}", peer, address, why);
    }
  }
}
