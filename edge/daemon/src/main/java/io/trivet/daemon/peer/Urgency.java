package io.trivet.daemon.peer;

import io.trivet.linux.process.CurrentThread;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leases travel on these threads: on a loaded controller they must not queue behind the work that
/// loads it. Raised only once a connection stands, since a handshake is long and proves nothing
/// yet.
final class Urgency {
  private static final Logger LOG = LoggerFactory.getLogger(Urgency.class);

  /// Below the lease thread's.
  private static final int PRIORITY = 5;

  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Urgency() {}

  /// Makes the calling thread a real-time one, or says once that it cannot be.
  static void raise() {
    CurrentThread.roundRobin(PRIORITY)
        .filter(_ -> SAID.compareAndSet(false, true))
        .ifPresent(
            errno ->
                LOG.warn(
                    "the lines to other controllers have no real-time priority ({}): leases may end under load",
                    errno));
  }
}
