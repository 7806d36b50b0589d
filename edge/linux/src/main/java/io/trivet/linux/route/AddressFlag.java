package io.trivet.linux.route;

/// What can be asked when an address is added (linux/if_addr.h).
public enum AddressFlag {
  /// IPv6: no duplicate address detection; the address works at once. A moved address needs it.
  NODAD(0x02),
  /// IPv6: the home address of RFC 6275; preferred as source over others.
  HOME(0x10),
  /// No route for the prefix is made.
  NO_PREFIX_ROUTE(0x200);

  private final int bit;

  AddressFlag(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
