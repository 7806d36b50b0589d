package io.trivet.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who should hold a virtual IP, as the replicated log says it. It is not a permission: who may
/// answer *now* is decided by the lease (`io.trivet.cluster.lease`), and only nodes named here may
/// ask for one.
///
/// @param vip resource name of the VIP
/// @param epoch index of the log entry that made this assignment; a higher epoch replaces a lower
///   one
/// @param holder controller that should hold the VIP, or null if none should
/// @param heirs controllers that may take the VIP over when the holder is silent, the first one
///   first; never contains the holder, no name twice
public record VipAssignment(String vip, long epoch, @Nullable String holder, List<String> heirs) {
  public VipAssignment {
    if (vip.isBlank()) {
      throw new IllegalArgumentException("a VIP needs a name");
    }
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch of VIP " + vip + " is negative: " + epoch);
    }
    heirs = List.copyOf(heirs);
    for (int i = 0; i < heirs.size(); i++) {
      String heir = heirs.get(i);
      if (heir.equals(holder) || heirs.indexOf(heir) != i) {
        throw new IllegalArgumentException("VIP " + vip + " names " + heir + " twice");
      }
    }
  }

  /// True if `node` may hold the VIP under this assignment, as its holder or as an heir.
  public boolean names(String node) {
    return node.equals(holder) || heirs.contains(node);
  }

  /// Rank of `node` when it bids: 0 for the holder, 1 for the first heir, and so on; -1 if it is
  /// not named.
  public int rankOf(String node) {
    if (node.equals(holder)) {
      return 0;
    }
    int heir = heirs.indexOf(node);
    return heir < 0 ? -1 : heir + 1;
  }
}
