package io.trivet.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who should hold a VIP: a fact from the replicated log. It gives nobody the right to answer; only
/// a lease does (`io.trivet.cluster.lease`), and only members named here may ask for one.
///
/// @param vip name of the VIP
/// @param epoch index of the log entry that said so; of two assignments of one VIP the one with the
///   higher epoch is valid
/// @param holder the member that should hold it; null when nobody is preferred
/// @param heirs members that may take it over without asking the log, best first; with no holder
///   and no heirs nobody may hold
public record VipAssignment(String vip, long epoch, @Nullable String holder, List<String> heirs) {
  /// The longest name of a VIP or member, in characters.
  public static final int MAX_NAME = 64;

  /// The most heirs of one VIP.
  public static final int MAX_HEIRS = 31;

  public VipAssignment {
    checkName(vip);
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch of " + vip + " is negative: " + epoch);
    }
    if (holder != null) {
      checkName(holder);
    }
    heirs = List.copyOf(heirs);
    if (heirs.size() > MAX_HEIRS) {
      throw new IllegalArgumentException(
          vip + " has " + heirs.size() + " heirs, allowed are " + MAX_HEIRS);
    }
    for (int i = 0; i < heirs.size(); i++) {
      String heir = heirs.get(i);
      checkName(heir);
      if (heir.equals(holder) || heirs.indexOf(heir) != i) {
        throw new IllegalArgumentException(vip + " names " + heir + " twice");
      }
    }
  }

  /// The place of a member in the order holder, first heir, second heir …; 0 is the best, -1 means
  /// not named.
  public int rank(String member) {
    if (member.equals(holder)) {
      return 0;
    }
    int heir = heirs.indexOf(member);
    if (heir < 0) {
      return -1;
    }
    return holder == null ? heir : heir + 1;
  }

  /// True when nobody may hold the VIP.
  public boolean nobody() {
    return holder == null && heirs.isEmpty();
  }

  /// @throws IllegalArgumentException if this cannot be the name of a VIP or a member
  public static void checkName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "a name has 1 to " + MAX_NAME + " characters, this one has " + name.length());
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c > '~') {
        throw new IllegalArgumentException("a name has printable ASCII characters only");
      }
    }
  }
}
