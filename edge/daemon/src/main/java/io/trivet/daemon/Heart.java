package io.trivet.daemon;

import io.trivet.daemon.leases.LeaseLink;
import io.trivet.linux.process.ServiceNotifier;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells systemd and the lease process that the daemon makes progress. When it stops, the lease
/// process gives the VIPs to other controllers after a grace, and systemd kills the daemon and
/// starts it again (sd_notify(3), `WatchdogSec`).
final class Heart {
  private static final Logger LOG = LoggerFactory.getLogger(Heart.class);
  private static final long BEAT_EVERY_NANOS = 1_000_000_000L;

  private final LeaseLink leases;
  private final ServiceNotifier notifier;
  private long beatAtNanos = System.nanoTime() - BEAT_EVERY_NANOS;

  Heart(LeaseLink leases) throws IOException {
    this.leases = leases;
    this.notifier = ServiceNotifier.open(System.getenv("NOTIFY_SOCKET"));
  }

  void ready(String self) {
    tell("ready", () -> notifier.ready("controller " + self));
  }

  void stopping() {
    tell("stopping", () -> notifier.stopping("handing over"));
  }

  /// Called by the loop after every event.
  void beat() {
    long now = System.nanoTime();
    if (now - beatAtNanos >= BEAT_EVERY_NANOS) {
      beatAtNanos = now;
      leases.attend();
      tell("watchdog", notifier::watchdog);
    }
  }

  private static void tell(String what, Telling telling) {
    try {
      telling.tell();
    } catch (IOException e) {
      LOG.warn("systemd could not be told \"{}\": {}", what, e.getMessage());
    }
  }

  private interface Telling {
    void tell() throws IOException;
  }
}
