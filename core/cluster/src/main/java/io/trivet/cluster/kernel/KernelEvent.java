package io.trivet.cluster.kernel;

import java.util.List;

/// What a [KernelMachine] is told.
public sealed interface KernelEvent {
  /// Somebody looked at everything.
  ///
  /// @param differences all that is not as it should be, most basic first
  /// @param culprit who changed something since the look before, as far as the kernel told, such as
  ///   `nft (process 4711)`; empty when it did not
  record Looked(List<Difference> differences, String culprit) implements KernelEvent {
    public Looked {
      differences = List.copyOf(differences);
    }
  }

  /// Something was found without a look at the rest.
  record Found(List<Difference> differences, String culprit) implements KernelEvent {
    public Found {
      differences = List.copyOf(differences);
    }
  }

  /// A station that is not this controller answers for a VIP's address, or claims it.
  ///
  /// @param who its Ethernet address, and its name where that is known
  record Claimed(String vip, String address, String who) implements KernelEvent {}

  /// Time has passed; due at [KernelMachine#dueAtNanos].
  record Tick() implements KernelEvent {}
}
