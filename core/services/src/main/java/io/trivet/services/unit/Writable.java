package io.trivet.services.unit;

import io.trivet.services.agent.AgentEffect;
import java.util.List;

/// Whether a service can write where its data is. One that cannot answers as ever: a file system
/// that the kernel made read-only after an error, or a full one, is noticed by the next write only,
/// and that one waits or is lost.
///
/// | the answer | the service |
/// |---|---|
/// | it can be written | can write |
/// | read-only, full, or gone | cannot, and why |
/// | none for [#LIMIT_NANOS] | cannot: the disk does not answer |
///
/// @param asked true while a question is on its way
/// @param atNanos when it was asked, or when to ask next
/// @param why why it cannot, a clause; empty if it can
public record Writable(boolean asked, long atNanos, String why) {
  /// The tag of the question.
  public static final String TAG = "writable";

  private static final long SECOND = 1_000_000_000L;
  private static final long EACH_NANOS = SECOND;

  /// A look that takes no writing is answered at once by a disk that answers at all.
  static final long LIMIT_NANOS = 5 * SECOND;

  /// Nothing was asked yet.
  public static Writable unknown(long now) {
    return new Writable(false, now, "");
  }

  /// Asks when it is time to.
  public Writable ask(String folder, long now, List<AgentEffect> effects) {
    if (asked) {
      return now - atNanos < LIMIT_NANOS
          ? this
          : new Writable(true, atNanos, folder + " does not answer");
    }
    if (atNanos > now) {
      return this;
    }
    effects.add(new AgentEffect.WritableProbe(TAG, folder));
    return new Writable(true, now, why);
  }

  /// The answer.
  public Writable answered(boolean can, String detail, long now) {
    return asked ? new Writable(false, now + EACH_NANOS, can ? "" : detail) : this;
  }

  /// When [#ask] is due.
  public long dueAtNanos() {
    return !asked ? atNanos : why.isEmpty() ? atNanos + LIMIT_NANOS : Long.MAX_VALUE;
  }

  public boolean no() {
    return !why.isEmpty();
  }
}
