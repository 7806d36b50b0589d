package io.trivet.cluster.kernel;

import io.trivet.cluster.state.Notice;
import java.util.List;

/// What a [KernelMachine] wants done.
public sealed interface KernelEffect {
  /// Put these right, in this order, and look again at once.
  record PutRight(List<Difference> differences) implements KernelEffect {
    public PutRight {
      differences = List.copyOf(differences);
    }
  }

  /// This controller can serve a VIP as far as its kernel goes, or cannot.
  ///
  /// @param why a clause for people; empty when it can
  record SetFit(String vip, boolean fit, String why) implements KernelEffect {}

  /// Announce the VIP, if it is held here: neighbours may believe somebody else.
  record Announce(String vip) implements KernelEffect {}

  /// A stranger is seen to answer for a VIP, or no longer.
  ///
  /// @param who empty when there is none any more
  record SetStranger(String vip, String who) implements KernelEffect {}

  /// Tell people.
  record Say(Notice notice) implements KernelEffect {}
}
