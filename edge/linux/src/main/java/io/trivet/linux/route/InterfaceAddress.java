package io.trivet.linux.route;

import io.trivet.linux.Prefix;

/// An address of an interface.
///
/// @param flags the kernel's IFA_F_ bits, see the constants
/// @param scope 0 global, 253 link, 254 host
public record InterfaceAddress(int linkIndex, Prefix prefix, int flags, int scope) {
  /// IPv6: duplicate address detection failed, the address does not work.
  public static final int DAD_FAILED = 0x08;

  /// IPv6: duplicate address detection still runs, the address does not work yet.
  public static final int TENTATIVE = 0x40;

  public boolean tentative() {
    return (flags & TENTATIVE) != 0;
  }
}
