package io.trivet.cluster.kernel;

/// How much a controller's kernel can be given. A cluster file that asks for more is refused before
/// it is agreed on.
public final class KernelLimits {
  /// Network namespaces for VIPs: each has a /30 of `169.254.78.0/24` for its link to the host.
  public static final int MOST_NAMESPACES = 63;

  /// VIPs in one namespace: each has a routing table of its own, numbered from [#FIRST_TABLE] to
  /// below the kernel's own (253 and up).
  public static final int MOST_VIPS_IN_NAMESPACE = 200;

  /// Number of the first routing table of a VIP in a namespace.
  public static final int FIRST_TABLE = 50;

  /// Addresses of one VIP: they are leased and darkened in one transaction.
  public static final int MOST_ADDRESSES_OF_VIP = 32;

  /// Addresses of all VIPs in one namespace (or all in the host): they are guarded in one
  /// transaction.
  public static final int MOST_ADDRESSES_IN_PLACE = 500;

  private KernelLimits() {}
}
