package io.trivet.daemon.leases;

import io.trivet.cluster.VipAssignment;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The daemon's end of the connection to the lease process. It remembers what was said last, so
/// that a lease process that was started anew is told everything at once. Thread-safe; only its own
/// thread waits.
public final class LeaseLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseLink.class);
  private static final long ATTEMPT_EVERY_NANOS = 30_000_000L;

  /// A lease process that was started anew is there before; only then is its absence worth a word.
  private static final long SAY_AFTER_NANOS = 3_000_000_000L;

  private final Path path;
  private final long run;
  private final Listener listener;
  private final TreeMap<String, VipAssignment> assignments = new TreeMap<>();
  private final TreeMap<String, Boolean> eligible = new TreeMap<>();
  private LeaseRole role;
  private @Nullable Line line;
  private volatile boolean closed;
  private boolean attending;

  /// Number of the question whether the role is played; 0 while nobody asked.
  private long confirm;

  /// Hears the lease process. Calls come from one thread.
  public interface Listener {
    void heard(FromLeases fact);

    /// The lease process is gone: no VIP is held here, and of the peers nothing new is known until
    /// it is back.
    void lost();

    /// It has been away for some seconds, which no new start explains.
    void missing();

    /// It is there again after it was missing.
    void found();
  }

  /// @param run number of this run of the daemon
  public LeaseLink(Path path, long run, LeaseRole role, Listener listener) {
    this.path = path;
    this.run = run;
    this.role = role;
    this.listener = listener;
  }

  public void start() {
    Thread.ofPlatform().daemon().name("leases-link").start(this::connectAlways);
  }

  /// Another cluster file is in force. Whether its role is played is heard as [FromLeases.Taken].
  ///
  /// @param number for the answer, not 0
  public synchronized void play(LeaseRole next, long number) {
    confirm = number;
    if (!next.equals(role)) {
      role = next;
      send(new ToLeases.Play(next));
    }
    send(new ToLeases.Confirm(number));
  }

  /// To be called about once a second while the daemon makes progress, and only then.
  public synchronized void attend() {
    attending = true;
    send(new ToLeases.Attend(run));
  }

  public synchronized void assign(List<VipAssignment> changed, boolean tellOthers) {
    for (VipAssignment assignment : changed) {
      assignments.merge(
          assignment.vip(), assignment, (old, now) -> now.epoch() >= old.epoch() ? now : old);
    }
    send(new ToLeases.Assign(changed, tellOthers));
  }

  public synchronized void serve(String vip, boolean may) {
    eligible.put(vip, may);
    if (!attending) {
      attend(); // so that the word is known to be this run's
    }
    send(new ToLeases.Serve(vip, may));
  }

  public synchronized boolean connected() {
    return line != null;
  }

  /// The daemon stops. What it said last holds for a while, until the next one comes.
  @Override
  public synchronized void close() {
    closed = true;
    if (line != null) {
      line.close();
    }
  }

  private void send(ToLeases message) {
    if (line != null) {
      line.send(LinkCodec.encode(message));
    }
  }

  private void connectAlways() {
    long lostNanos = System.nanoTime();
    boolean said = false;
    while (!closed) {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
        Line connected = new Line(channel, "to-leases");
        greet(connected);
        if (said) {
          listener.found();
        }
        said = false;
        try {
          listen(connected);
        } finally {
          connected.close();
          forget();
          lostNanos = System.nanoTime();
        }
      } catch (IOException e) {
        LOG.debug("No lease process at {}: {}", path, Line.why(e));
      }
      if (!said && !closed && System.nanoTime() - lostNanos > SAY_AFTER_NANOS) {
        said = true;
        listener.missing();
      }
      LockSupport.parkNanos(ATTEMPT_EVERY_NANOS);
    }
  }

  private synchronized void greet(Line connected) {
    line = connected;
    send(new ToLeases.Play(role));
    if (confirm != 0) {
      send(new ToLeases.Confirm(confirm));
    }
    if (attending) {
      send(new ToLeases.Attend(run));
    }
    if (!assignments.isEmpty()) {
      send(new ToLeases.Assign(List.copyOf(assignments.values()), false));
    }
    eligible.forEach((vip, may) -> send(new ToLeases.Serve(vip, may)));
  }

  private synchronized void forget() {
    line = null;
    if (!closed) {
      listener.lost();
    }
  }

  private void listen(Line connected) {
    try {
      while (!closed) {
        switch (LinkCodec.fromLeases(connected.receive())) {
          case LinkCodec.Decoded.Understood<FromLeases>(FromLeases fact) -> listener.heard(fact);
          case LinkCodec.Decoded.Refused<FromLeases>(int offset, String reason) ->
              throw new IOException("not understood: byte " + offset + ": " + reason);
        }
      }
    } catch (IOException e) {
      if (!closed) {
        LOG.warn("The connection to the lease process ended: {}", Line.why(e));
      }
    }
  }
}
