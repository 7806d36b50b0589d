package io.trivet.cluster;

/// The name under which the lease of a unit goes: leases and assignments know only names, and those
/// of VIPs and of units must differ. A unit that is fenced by the network may speak only while its
/// controller holds this lease, as a controller may answer for a VIP only while it holds that one.
public final class UnitLease {
  /// No VIP's name has a colon.
  private static final String PREFIX = "unit:";

  private UnitLease() {}

  /// The name of the lease of a resource: `unit:cinder-volume`.
  public static String of(String resource) {
    return PREFIX + resource;
  }

  /// True if a lease of this name is that of a unit.
  public static boolean is(String lease) {
    return lease.startsWith(PREFIX);
  }

  /// The resource whose lease it is.
  ///
  /// @throws IllegalArgumentException if it is the lease of a VIP
  public static String resource(String lease) {
    if (!is(lease)) {
      throw new IllegalArgumentException(lease + " is not the lease of a unit");
    }
    return lease.substring(PREFIX.length());
  }
}
