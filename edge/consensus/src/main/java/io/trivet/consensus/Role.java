package io.trivet.consensus;

/// What a member is at the moment.
public enum Role {
  /// Follows a leader, or waits for one.
  FOLLOWER,
  /// Asks the others for their votes.
  CANDIDATE,
  /// Elected, but entries of earlier terms may still have to be applied: it must not decide yet.
  LEADER_ELECT,
  /// Elected, and the first entry of its own term is applied: its state holds every committed
  /// entry.
  LEADER
}
