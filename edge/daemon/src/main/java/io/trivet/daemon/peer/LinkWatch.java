package io.trivet.daemon.peer;

import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// One thread that looks at every connection and cuts those that hang.
final class LinkWatch implements AutoCloseable {
  static final int PERIOD_MILLIS = 100;

  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean closed;

  LinkWatch(String self) {
    thread = Thread.ofPlatform().daemon().name(self + "-peer-watch").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void add(Connection connection) {
    connections.add(connection);
    if (closed) {
      connection.cut("the channel was closed");
    }
  }

  void remove(Connection connection) {
    connections.remove(connection);
  }

  void cutWhere(Predicate<X509Certificate> revoked) {
    for (Connection connection : connections) {
      X509Certificate shown = connection.shown();
      if (shown != null && revoked.test(shown)) {
        connection.cut("its certificate is revoked");
      }
    }
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(PERIOD_MILLIS * 1_000_000L);
      long now = System.nanoTime();
      for (Connection connection : connections) {
        connection.check(now);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Connection connection : connections) {
      connection.cut("the channel was closed");
    }
    LockSupport.unpark(thread);
  }
}
