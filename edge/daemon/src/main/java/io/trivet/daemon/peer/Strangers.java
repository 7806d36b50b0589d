package io.trivet.daemon.peer;

import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says who was refused, at most once in ten seconds; a port scan or a peer with a wrong
/// certificate tries for ever.
final class Strangers {
  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  private long saidNanos = System.nanoTime() - PERIOD_NANOS;
  private long unsaid;

  synchronized void refused(SocketAddress from, String why) {
    long now = System.nanoTime();
    if (now - saidNanos < PERIOD_NANOS) {
      unsaid++;
      return;
    }
    saidNanos = now;
    String others = unsaid == 0 ? "" : " (and " + unsaid + " more since the last such line)";
    unsaid = 0;
    LOG.warn("refused a connection from {}: {}{}", from, why, others);
  }
}
