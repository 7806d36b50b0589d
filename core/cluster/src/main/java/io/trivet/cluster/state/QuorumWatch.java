package io.trivet.cluster.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one controller knows by itself of its touch with a majority. The agreed timeline cannot
/// tell of it: nothing is agreed while it lasts, and the others see only that this controller is
/// gone.
///
/// A gap shorter than [#SETTLED_MILLIS] is an election, and not worth a line.
public final class QuorumWatch {
  /// Longer than the elections of any timing profile.
  static final long SETTLED_MILLIS = 2_000;

  /// As many as fit a screen; the older ones are in the journal.
  static final int KEPT = 50;

  private final String self;
  private final Deque<Notice> notices = new ArrayDeque<>();
  private long lastInTouchMillis;
  private long lostAtMillis;

  /// @param self the controller that watches
  public QuorumWatch(String self) {
    this.self = self;
  }

  /// Looks at it once.
  ///
  /// @param inTouch whether a majority worked together a moment ago
  /// @param held VIPs that this controller answers for, or did until a moment ago
  /// @param nowMillis wall time in milliseconds since 1970
  /// @return what has to be said now, or null
  public synchronized @Nullable Notice observe(boolean inTouch, List<String> held, long nowMillis) {
    if (inTouch) {
      long lostAt = lostAtMillis;
      lastInTouchMillis = nowMillis;
      lostAtMillis = 0;
      return lostAt == 0
          ? null
          : kept(Sentences.quorumRegained(self, nowMillis - lostAt).stamped(nowMillis));
    }
    boolean overdue =
        lastInTouchMillis != 0
            && lostAtMillis == 0
            && nowMillis - lastInTouchMillis >= SETTLED_MILLIS;
    if (!overdue) {
      return null;
    }
    lostAtMillis = lastInTouchMillis;
    return kept(Sentences.quorumLost(self, held).stamped(lostAtMillis));
  }

  /// What was said since this controller's daemon started, the oldest first.
  public synchronized List<Notice> notices() {
    return List.copyOf(notices);
  }

  private Notice kept(Notice notice) {
    if (notices.size() == KEPT) {
      notices.removeFirst();
    }
    notices.addLast(notice);
    return notice;
  }
}
