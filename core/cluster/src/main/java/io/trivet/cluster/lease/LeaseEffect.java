package io.trivet.cluster.lease;

import org.jspecify.annotations.Nullable;

/// What a [LeaseMachine] wants done, in this order, each before the next event is given to it
/// (sending may be left to a queue).
public sealed interface LeaseEffect {
  /// Send a message to a member. It may get lost; it must not block.
  record Send(String to, LeaseMessage message) implements LeaseEffect {}

  /// The kernel may answer for the VIP until then, by [HoldCommit]; when that fails, `HoldFailed`.
  record Hold(String vip, long untilNanos) implements LeaseEffect {}

  /// Stop answering: clear both keys in the kernel, take the address away, end connections; then
  /// say `Darkened(vip, number)`. Also sent when a lease ended without renewal and the kernel is
  /// dark already: the address and connections are still there. Until `Darkened` is said nobody
  /// else gets the VIP before the lease has ended. If the kernel refuses, say nothing: the order
  /// comes again after a lease.
  record Darken(String vip, long number) implements LeaseEffect {}

  /// This controller holds the VIP now: add the address and announce it.
  record BecameHolder(String vip, long epoch) implements LeaseEffect {}

  /// Announce the VIP again (gratuitous ARP, unsolicited NA): a neighbour may believe in somebody
  /// else.
  record Announce(String vip) implements LeaseEffect {}

  /// A fact for the leader and for people: who holds the VIP, as far as this member has heard, and
  /// by which assignment.
  ///
  /// The leader should write down another holder only when `epoch` is that of the newest
  /// assignment: then an heir took over by it. With an older epoch a planned move is still under
  /// way.
  ///
  /// @param holder null when nobody is known to hold it; then the epoch is 0
  record HolderSeen(String vip, @Nullable String holder, long epoch) implements LeaseEffect {}

  /// This member is gone: nothing was heard from it for as long as a promise lasts, so that every
  /// lease of it has ended, and a majority misses it, or this member alone for two seconds.
  record PeerSilent(String peer) implements LeaseEffect {}

  /// The first message of this member ever, or after it was gone.
  record PeerHeard(String peer) implements LeaseEffect {}

  /// The first pulse of this member with a daemon after silence or after none, or with another run
  /// of it: what is known of an earlier run is history.
  ///
  /// @param incarnation number of the run, not 0
  record PeerBegan(String peer, long incarnation) implements LeaseEffect {}

  /// This member is in hearing and says that its daemon is gone.
  record PeerLeft(String peer) implements LeaseEffect {}
}
