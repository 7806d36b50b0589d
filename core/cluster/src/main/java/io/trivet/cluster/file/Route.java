package io.trivet.cluster.file;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;

/// A static route inside the namespace of a VIP.
///
/// @param to the destination, without host bits; `0.0.0.0/0` and `::/0` are the default routes
/// @param via the next hop, on one of the VIP's own networks, of the same family
public record Route(IpPrefix to, IpAddress via) {

  /// True for a default route.
  public boolean isDefault() {
    return to.length() == 0;
  }
}
