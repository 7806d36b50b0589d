package io.trivet.cluster.state;

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

  private final String self;
  private long lastInTouchNanos;
  private boolean everInTouch;
  private boolean lost;

  /// @param self the controller that watches
  /// @param nowNanos monotonic time; until it is in touch for the first time, its knowledge is as
  ///   old as this
  public QuorumWatch(String self, long nowNanos) {
    this.self = self;
    this.lastInTouchNanos = nowNanos;
  }

  /// Looks at it once.
  ///
  /// @param inTouch whether a majority worked together a moment ago
  /// @param held VIPs that this controller answers for, or did until a moment ago
  /// @param nowNanos monotonic time
  /// @param nowMillis wall time in milliseconds since 1970, for people only
  /// @return what has to be said now, or null
  public @Nullable Notice observe(
      boolean inTouch, List<String> held, long nowNanos, long nowMillis) {
    long age = ageMillis(nowNanos);
    if (inTouch) {
      boolean regained = lost;
      lastInTouchNanos = nowNanos;
      everInTouch = true;
      lost = false;
      return regained ? Sentences.quorumRegained(self, age).stamped(nowMillis) : null;
    }
    if (!everInTouch || lost || age < SETTLED_MILLIS) {
      return null;
    }
    lost = true;
    return Sentences.quorumLost(self, held).stamped(nowMillis - age);
  }

  /// Milliseconds since it was last in touch, or since the start.
  public long ageMillis(long nowNanos) {
    return (nowNanos - lastInTouchNanos) / 1_000_000;
  }

  /// Whether it was in touch at all since the start.
  public boolean everInTouch() {
    return everInTouch;
  }
}
