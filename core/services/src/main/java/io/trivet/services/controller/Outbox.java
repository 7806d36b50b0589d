package io.trivet.services.controller;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import java.util.List;

/// One submission at a time, so that a newer one never overtakes an older one. Who uses it decides
/// again, from what is true then, when it ended well, failed, or was not heard of for
/// [#PATIENCE_NANOS].
final class Outbox {
  /// After this long without an answer a submission counts as lost; it may still be applied, and
  /// must not harm then.
  static final long PATIENCE_NANOS = 2_000_000_000L;

  /// The pause after a failure: no leader is known for about one election.
  static final long PAUSE_NANOS = 100_000_000L;

  private final Tokens tokens;
  private long token;
  private long freeAtNanos = Long.MIN_VALUE;

  Outbox(Tokens tokens) {
    this.tokens = tokens;
  }

  boolean free(long nowNanos) {
    return nowNanos >= freeAtNanos;
  }

  long dueAtNanos() {
    return freeAtNanos;
  }

  void submit(
      String by,
      long basedOn,
      Command command,
      long nowNanos,
      long atMillis,
      List<ControllerEffect> out) {
    token = tokens.next();
    freeAtNanos = nowNanos + PATIENCE_NANOS;
    out.add(new ControllerEffect.Submit(token, new Proposal(atMillis, by, basedOn, command)));
  }

  /// Tells of the end of a submission.
  ///
  /// @return true when it was this outbox's
  boolean ended(long endedToken, boolean failed, long nowNanos) {
    if (endedToken != token || token == 0) {
      return false;
    }
    token = 0;
    freeAtNanos = failed ? nowNanos + PAUSE_NANOS : Long.MIN_VALUE;
    return true;
  }

  /// Forgets what is under way: the leader changed, so nobody will answer for it.
  void reset() {
    token = 0;
    freeAtNanos = Long.MIN_VALUE;
  }

  /// Gives every submission of one controller a number of its own.
  static final class Tokens {
    private long last;

    long next() {
      return ++last;
    }
  }
}
