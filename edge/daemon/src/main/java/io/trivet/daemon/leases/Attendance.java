package io.trivet.daemon.leases;

import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Whether somebody looks after the services of this controller, and what of its word still holds.
///
/// | state | meaning | leaves it when |
/// |---|---|---|
/// | new | these leases began less than [#NEW_NANOS] ago, and no daemon has come yet: no VIP may be held | `Attend` → attended; time → absent |
/// | absent | no daemon, or none that makes progress, for longer than the grace: no VIP may be held, and the pulses say that there is none | `Attend` → attended |
/// | attended | a daemon says once a second that it makes progress; what it says of a VIP holds | nothing was heard from any daemon for [#GRACE_NANOS] → absent; another run attends → attended by that one |
///
/// A run that begins knows nothing of its load balancer yet. What the run before it said of a VIP
/// holds until the new one has its own word, for a grace at most: so a restart, an upgrade or a
/// crash of the daemon moves nothing. A run that was frozen and goes on finds its own word again.
///
/// Pure: no clock, no thread. Times are nanoseconds of any monotonic clock.
final class Attendance {
  /// Longer than systemd's watchdog (10 s) and a restart of the daemon on a busy machine (2 to 4 s)
  /// together; short enough that a load balancer that nobody watches is not trusted for long.
  static final long GRACE_NANOS = 15_000_000_000L;

  /// How long a lease process that begins waits before it says that there is no daemon: one that is
  /// there comes within a tenth of it.
  static final long NEW_NANOS = 5_000_000_000L;

  private record Word(boolean eligible, long run) {}

  private final TreeMap<String, Word> words = new TreeMap<>();
  private final TreeMap<String, Boolean> effective = new TreeMap<>();
  private long run;
  private long runSinceNanos;
  private long heardNanos;
  private boolean attended;
  private boolean absent;

  Attendance(long nowNanos) {
    heardNanos = nowNanos - GRACE_NANOS + NEW_NANOS;
  }

  /// A daemon that makes progress.
  List<LeaseEvent> attend(long nowRun, long nowNanos) {
    List<LeaseEvent> out = new ArrayList<>();
    if (absent) {
      // Older than the grace: of an earlier run nothing holds any more.
      words.values().removeIf(word -> word.run() != nowRun);
    }
    if (nowRun != run) {
      run = nowRun;
      runSinceNanos = nowNanos;
      attended = false;
    }
    heardNanos = nowNanos;
    if (!attended) {
      attended = true;
      absent = false;
      out.add(new LeaseEvent.Attended(run));
    }
    settle(nowNanos, out);
    return out;
  }

  /// Its word on a VIP.
  List<LeaseEvent> serve(String vip, boolean eligible, long nowNanos) {
    words.put(vip, new Word(eligible, run));
    List<LeaseEvent> out = new ArrayList<>();
    settle(nowNanos, out);
    return out;
  }

  /// Time has passed.
  List<LeaseEvent> passed(long nowNanos) {
    List<LeaseEvent> out = new ArrayList<>();
    if (!absent && nowNanos - heardNanos >= GRACE_NANOS) {
      attended = false;
      absent = true;
      out.add(new LeaseEvent.Attended(LeaseMessage.NO_DAEMON));
    }
    settle(nowNanos, out);
    return out;
  }

  boolean attended() {
    return attended;
  }

  private void settle(long nowNanos, List<LeaseEvent> out) {
    words.forEach(
        (vip, word) -> {
          boolean holds = word.run() == run || nowNanos - runSinceNanos < GRACE_NANOS;
          boolean may = attended && holds && word.eligible();
          if (!Boolean.valueOf(may).equals(effective.put(vip, may))) {
            out.add(new LeaseEvent.Eligible(vip, may));
          }
        });
    effective.forEach(
        (vip, may) -> {
          if (may && !words.containsKey(vip)) {
            out.add(new LeaseEvent.Eligible(vip, false));
          }
        });
    effective.keySet().retainAll(words.keySet());
  }
}
