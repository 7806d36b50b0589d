package io.trivet.services.galera;

import io.trivet.services.galera.GaleraProbe.Sample;

/// Whether a member that joins gets on. A view that changes while it gets its state can leave it
/// "Joining" for ever: Galera then drops what came of the transfer ("Rejecting JOIN message: new
/// State Transfer required") and asks for no other one.
///
/// | seen since the last look | the join |
/// |---|---|
/// | it applied or received writes, or Galera's word for its state changed | gets on |
/// | its unit used a tenth of a processor: a large transaction; a fiftieth while it takes no questions: a copy, or what a crash left, from a slow disk | gets on |
/// | another member is a donor: it may prepare a copy for a long time | gets on |
/// | no other member is Synced: nobody could be its donor | waits, and gets on |
/// | none of these for 60 s, doubled each time up to 30 minutes | is stuck: it is ended and made anew |
///
/// So a transfer that makes progress is never interrupted, however long it takes.
///
/// @param state Galera's word at the last look, empty while it takes no questions
/// @param applied its last write at the last look
/// @param received writes that it had received
/// @param usedNanos processor time that its unit had used, -1 = not known
/// @param usedAtNanos when that was
/// @param movedAtNanos when it was last seen to get on, -1 while it does not join
/// @param lookAtNanos when to look at its processor time next
/// @param anew how often in a row a join was ended
record GaleraJoin(
    String state,
    long applied,
    long received,
    long usedNanos,
    long usedAtNanos,
    long movedAtNanos,
    long lookAtNanos,
    int anew) {
  private static final long SECOND = 1_000_000_000L;

  /// How long a join may make no progress.
  static final long PATIENCE_NANOS = 60 * SECOND;

  static final long LONGEST_PATIENCE_NANOS = 1_800 * SECOND;

  /// How often to look at processor time.
  private static final long LOOK_NANOS = 5 * SECOND;

  /// What a member uses that answers questions and keeps its connections is less.
  private static final long SHARE = 10;

  /// Before it takes questions it does less, and may wait for its disk.
  private static final long SHARE_AT_START = 50;

  static final GaleraJoin NONE = new GaleraJoin("", -1, -1, -1, 0, -1, Long.MAX_VALUE, 0);

  boolean joins() {
    return movedAtNanos >= 0;
  }

  /// It joins, from now on or still.
  GaleraJoin joining(long now) {
    return joins() ? this : new GaleraJoin("", -1, -1, -1, now, now, now + LOOK_NANOS, anew);
  }

  /// It does not run; what became of the joins before counts for the next one.
  GaleraJoin down() {
    return new GaleraJoin("", -1, -1, -1, 0, -1, Long.MAX_VALUE, anew);
  }

  GaleraJoin sampled(Sample seen, long now) {
    boolean moved =
        !seen.state().equals(state) || seen.applied() != applied || seen.received() != received;
    return new GaleraJoin(
        seen.state(),
        seen.applied(),
        seen.received(),
        usedNanos,
        usedAtNanos,
        moved ? now : movedAtNanos,
        lookAtNanos,
        anew);
  }

  /// The others let it get on, or cannot help it.
  GaleraJoin held(long now) {
    return new GaleraJoin(state, applied, received, usedNanos, usedAtNanos, now, lookAtNanos, anew);
  }

  GaleraJoin looking(long now) {
    return new GaleraJoin(
        state, applied, received, usedNanos, usedAtNanos, movedAtNanos, now + LOOK_NANOS, anew);
  }

  /// @param used processor time of its unit, -1 where it is not counted: then it is taken to work
  GaleraJoin cpu(long used, long now) {
    if (!joins()) {
      return this;
    }
    long share = state.isEmpty() ? SHARE_AT_START : SHARE;
    boolean works = used < 0 || usedNanos >= 0 && used - usedNanos > (now - usedAtNanos) / share;
    return new GaleraJoin(
        state, applied, received, used, now, works ? now : movedAtNanos, lookAtNanos, anew);
  }

  boolean stuck(long now) {
    return joins() && now - movedAtNanos >= patienceNanos();
  }

  long patienceNanos() {
    return Math.min(LONGEST_PATIENCE_NANOS, PATIENCE_NANOS << Math.min(anew, 10));
  }

  GaleraJoin ended() {
    return new GaleraJoin("", -1, -1, -1, 0, -1, Long.MAX_VALUE, anew + 1);
  }

  /// When to look again.
  long dueAtNanos() {
    return joins() ? Math.min(lookAtNanos, movedAtNanos + patienceNanos()) : Long.MAX_VALUE;
  }
}
