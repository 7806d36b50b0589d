package io.trivet.daemon.control;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// How old the reports of the other controllers are. A report goes into the log when something
/// changes; that nothing has changed since, each daemon says once a second to all others
/// ([io.trivet.daemon.loop.PeerFrames#CONFIRMED]), as long as it makes progress. Ages are counted
/// here, on this controller's own clock. Safe for all threads.
public final class ReportAges {
  private final Map<String, Long> confirmedNanos = new ConcurrentHashMap<>();
  private final long beganNanos;

  public ReportAges(long nowNanos) {
    beganNanos = nowNanos;
  }

  /// A controller says that its reports are as of now.
  public void confirmed(String peer, long nowNanos) {
    confirmedNanos.put(peer, nowNanos);
  }

  /// How old the reports of a controller are at least, in milliseconds; since the start of this
  /// daemon, if it said nothing since then.
  public long millis(String peer, long nowNanos) {
    long since = confirmedNanos.getOrDefault(peer, beganNanos);
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nowNanos - since));
  }
}
