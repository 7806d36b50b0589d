package io.trivet.consensus;

import org.jspecify.annotations.Nullable;

/// A proposal came to a member that does not lead, or that stopped leading meanwhile.
public final class NotLeader extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable String leader;
  private final transient boolean mayStillApply;

  NotLeader(String self, @Nullable String leader, boolean mayStillApply) {
    super(
        self
            + (mayStillApply
                ? " lost the leadership while the entry was on its way"
                : " is not the leader")
            + (leader == null ? "; no leader is known" : "; the leader is " + leader));
    this.leader = leader;
    this.mayStillApply = mayStillApply;
  }

  /// Whom to ask instead, as far as this member knows.
  public @Nullable String leader() {
    return leader;
  }

  /// True: the entry was appended here and may yet be committed by the next leader. False: it was
  /// not taken at all.
  public boolean mayStillApply() {
    return mayStillApply;
  }
}
