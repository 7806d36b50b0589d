package io.trivet.consensus;

import org.jspecify.annotations.Nullable;

/// What the replicated log tells its owner.
///
/// Two threads call: *the apply thread* calls [#applied], [#snapshot] and [#restore], one call at a
/// time, in the order of the log; *the watch thread* calls [#roleChanged], [#leaderChanged] and
/// [#failed], one call at a time. Between the two there is no order, but for one: [Role#LEADER] is
/// told only after every entry that was committed before the election has been handed to
/// [#applied]. No call may block for longer than a few milliseconds: the log waits.
public interface Listener {

  /// A committed entry. Each is told once in the life of a process; after a restart, entries after
  /// the last snapshot are told again. Indices grow and have gaps (the log keeps entries of its own
  /// in between).
  ///
  /// An exception from here stops this member for good ([#failed]): an entry that cannot be applied
  /// on one member means that the members' states differ.
  void applied(long index, long term, byte[] entry);

  /// The whole state, as of the last call of [#applied].
  byte[] snapshot();

  /// Forget everything and become what [#snapshot] once said, here or on another member.
  void restore(byte[] snapshot);

  /// The leader this member knows of, null when it knows none.
  void leaderChanged(@Nullable String leader, long term);

  void roleChanged(Role role, long term);

  /// The log has stopped on this member and does not come back by itself: a full or broken disk, or
  /// an entry that could not be applied. The process should say so and end.
  void failed(Throwable cause);
}
