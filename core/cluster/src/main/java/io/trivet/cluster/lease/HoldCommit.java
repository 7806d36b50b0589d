package io.trivet.cluster.lease;

/// Carries one `Hold(vip, until)` into the kernel so that a pause between any two instructions
/// cannot stretch the lease.
///
/// The kernel knows only relative timeouts. Whoever computes one, is paused, and commits it later
/// grants a lease that nobody gave. One commit cannot be made safe, so the kernel lets a VIP answer
/// only while it is in *two* sets (the keys), and:
///
/// | step | what happens | a pause here |
/// |---|---|---|
/// | 1 | commit the first key with what is left of the lease | the first key may be too long, but the second has ended |
/// | 2 | look at the clock: if it took longer than the tolerance, again from 1 | the first key is right and ends in time |
/// | 3 | commit the second key with what is left | the first key is right and ends in time |
/// | 4 | look at the clock: if it took too long, again from 3 | the first key is right and ends in time |
///
/// The invariant: *a key is touched only while the other one is known to be right or absent*. When
/// nothing is left of the lease, or a commit fails, both keys are cleared, and nothing else is
/// committed for the VIP until that has worked.
///
/// The kernel counts a timeout on a clock that time synchronisation may slow down, so each timeout
/// is shorter than what is left of the lease ([LeaseTiming#kernelNanos]).
///
/// ```
/// var commit = new HoldCommit(untilNanos);
/// for (Step step = commit.next(now()); ; step = commit.next(now())) {
///     switch (step) {
///         case SetKey(Key key, long timeoutNanos) -> kernel.set(vip, key, timeoutNanos);
///         case ClearKeys() -> kernel.clear(vip);
///         case Done() -> { return; }
///         case Failed() -> { tell the machine HoldFailed(vip); return; }
///     }
/// }
/// ```
public final class HoldCommit {
  /// How long a commit may take, from reading the clock before it to reading the clock after it.
  /// The margin pays for it.
  public static final long TOLERANCE_NANOS = 5_000_000L;

  /// Less than this is not worth a commit.
  private static final long LEAST_NANOS = 1_000_000L;

  private static final int MOST_TRIES = 8;

  /// The two sets of the kernel that must both contain a VIP.
  public enum Key {
    /// Committed first.
    FIRST,
    /// Committed only after the first is known to be right.
    SECOND
  }

  /// What to do next.
  public sealed interface Step {
    /// Put the VIP into this set, replacing what is there, with this timeout (round down).
    record SetKey(Key key, long timeoutNanos) implements Step {}

    /// Take the VIP out of both sets.
    record ClearKeys() implements Step {}

    /// Both keys are right.
    record Done() implements Step {}

    /// The VIP is in neither set.
    record Failed() implements Step {}
  }

  private enum Stage {
    START,
    FIRST_SET,
    SECOND_SET,
    CLEARED
  }

  private final long untilNanos;
  private Stage stage = Stage.START;
  private long readAtNanos;
  private int tries;

  /// @param untilNanos end of the lease on the clock that [#next] is given
  public HoldCommit(long untilNanos) {
    this.untilNanos = untilNanos;
  }

  /// The next step. To be called with the clock read *after* the previous step was carried out.
  public Step next(long nowNanos) {
    boolean late = nowNanos - readAtNanos > TOLERANCE_NANOS;
    return switch (stage) {
      case START -> set(Key.FIRST, nowNanos);
      case FIRST_SET -> set(late ? Key.FIRST : Key.SECOND, nowNanos);
      case SECOND_SET -> late ? set(Key.SECOND, nowNanos) : new Step.Done();
      case CLEARED -> new Step.Failed();
    };
  }

  /// To be called instead of [#next] when the previous `SetKey` was refused by the kernel, or when
  /// the machine was suspended meanwhile.
  public Step refused() {
    stage = Stage.CLEARED;
    return new Step.ClearKeys();
  }

  private Step set(Key key, long nowNanos) {
    long left = untilNanos - nowNanos;
    if (left < LEAST_NANOS || ++tries > MOST_TRIES) {
      return refused();
    }
    readAtNanos = nowNanos;
    stage = key == Key.FIRST ? Stage.FIRST_SET : Stage.SECOND_SET;
    return new Step.SetKey(key, LeaseTiming.kernelNanos(left));
  }
}
