package io.trivet.consensus;

import org.jspecify.annotations.Nullable;

/// What the replicated log tells its owner.
///
/// Two threads call: *the apply thread* calls [#applied], [#snapshot] and [#restore], one call at a
/// time, in the order of the log; *the watch thread* calls [#roleChanged], [#leaderChanged],
/// [#storage] and [#failed], one call at a time. Between the two there is no order, but for one:
/// [Role#LEADER] is told only after every entry that was committed before the election has been
/// handed to [#applied]. No call may block for longer than a few milliseconds: the log waits.
public interface Listener {

  /// A committed entry. Each is told once in the life of a process, also when the storage failed
  /// and came back; after a restart, entries after the last snapshot are told again. Indices grow
  /// and have gaps (the log keeps entries of its own in between).
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

  /// The log stands still on this member since its storage cannot be used, or will with the next
  /// entry, or the reason changed; null: it goes on. It is tried again every second, so nobody has
  /// to end for it. While it stands still this member neither leads nor votes nor takes entries.
  void storage(@Nullable StorageTrouble trouble);

  /// The log has stopped on this member and does not come back by itself: an entry could not be
  /// applied. The process should say so and end.
  void failed(Throwable cause);
}
