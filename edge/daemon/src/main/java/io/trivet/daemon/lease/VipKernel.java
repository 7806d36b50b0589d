package io.trivet.daemon.lease;

import io.trivet.cluster.lease.HoldCommit;
import java.io.IOException;

/// What leases need of the kernel. All calls come from the lease thread, block for well under a
/// millisecond as a rule, and are safe to repeat.
public interface VipKernel {
  /// Puts all addresses of the VIP into one of the two sets that both must contain an address
  /// before it may be answered for; the kernel takes them out again after `timeoutNanos`, whatever
  /// happens to this process.
  void setKey(String vip, HoldCommit.Key key, long timeoutNanos) throws IOException;

  /// Takes the addresses out of both sets: from when this returns nothing is answered for the VIP.
  void clearKeys(String vip) throws IOException;

  /// Gives the addresses to this controller and announces them.
  void show(String vip) throws IOException;

  /// Takes the addresses away from this controller and ends the connections to them. Called after
  /// [#clearKeys], whether that worked or not. When this returns the VIP is dark, by the one or the
  /// other; what is dark already may still be on its way out.
  void hide(String vip) throws IOException;

  /// Announces the addresses again, when a neighbour may believe in another holder.
  void announce(String vip) throws IOException;

  /// Makes the guard of the VIP's place anew, whatever somebody left of it, and looks whether the
  /// kernel has it: from when this returns nothing is answered for a VIP there without both keys.
  /// Leases that the kernel still has go on.
  void restoreGuard(String vip) throws IOException;

  /// Takes away the link that carries the VIP, or takes it down where it is not Trivet's own: what
  /// is left when neither keys nor addresses can be taken.
  void cutLink(String vip) throws IOException;

  /// Takes down the interface below that link, the controller's own.
  void cutUplink(String vip) throws IOException;
}
