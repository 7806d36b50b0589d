package io.trivet.daemon;

import io.trivet.daemon.control.ReportAges;
import io.trivet.daemon.leases.LeaseLink;
import io.trivet.daemon.loop.Lanes;
import io.trivet.linux.process.ServiceNotifier;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells systemd and the lease process that the daemon makes progress. When it stops, the lease
/// process gives the VIPs to other controllers after a grace, and systemd kills the daemon and
/// starts it again (sd_notify(3), `WatchdogSec`).
///
/// Progress is that of the loop and of what carries out its effects: while one of these has been at
/// the same thing for a minute, systemd is not told that all is well, and starts the daemon anew.
/// The lease process is told nevertheless: the VIPs stay over a new start, and move if that is
/// stuck as well.
final class Heart {
  private static final Logger LOG = LoggerFactory.getLogger(Heart.class);
  private static final long BEAT_EVERY_NANOS = 1_000_000_000L;

  /// Longer than anything takes that has an end: calls of systemd wait for some 20 s at most.
  private static final long STUCK_NANOS = 60_000_000_000L;

  private final LeaseLink leases;
  private final Lanes lanes;
  private final ServiceNotifier notifier;
  private final ReportAges ages = new ReportAges(System.nanoTime());
  private long beatAtNanos = System.nanoTime() - BEAT_EVERY_NANOS;

  Heart(LeaseLink leases, Lanes lanes) throws IOException {
    this.leases = leases;
    this.lanes = lanes;
    this.notifier = ServiceNotifier.open(System.getenv("NOTIFY_SOCKET"));
  }

  void ready(String self) {
    tell("ready", () -> notifier.ready("controller " + self));
  }

  void stopping() {
    tell("stopping", () -> notifier.stopping("handing over"));
  }

  /// Called by the loop after every event.
  ///
  /// @param confirm tells the other controllers that this one's reports are as of now
  void beat(Runnable confirm) {
    long now = System.nanoTime();
    if (now - beatAtNanos >= BEAT_EVERY_NANOS) {
      beatAtNanos = now;
      leases.attend();
      String stuck = lanes.stuck(now, STUCK_NANOS);
      if (stuck == null) {
        confirm.run();
        tell("watchdog", notifier::watchdog);
      } else {
        LOG.error(
            "\"{}\" has been at one thing for {} s or more; systemd will start trivetd anew",
            stuck,
            STUCK_NANOS / 1_000_000_000L);
      }
    }
  }

  /// Another controller's daemon makes progress: what it reported is so now.
  void confirmed(String peer) {
    ages.confirmed(peer, System.nanoTime());
  }

  /// How old the reports of another controller are, see [ReportAges].
  long reportAgeMillis(String peer) {
    return ages.millis(peer, System.nanoTime());
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
