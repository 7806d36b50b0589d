package io.trivet.cluster.lease;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.VipAssignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All VIPs that one member knows, and which of them it guards.
final class VipLeases {
  private final TreeMap<String, VipLease> vips = new TreeMap<>();
  private final long quietNanos;
  private final long quietUntilNanos;
  private @Nullable TreeSet<String> guarded;

  /// @param quietNanos how long nothing is granted from now on, and of a VIP that is new later on
  VipLeases(long quietNanos, long now) {
    this.quietNanos = quietNanos;
    quietUntilNanos = now + quietNanos;
  }

  Collection<VipLease> all() {
    return vips.values();
  }

  @Nullable VipLease known(String name) {
    return vips.get(name);
  }

  /// How long this member is quiet after a start.
  long quietNanos() {
    return quietNanos;
  }

  /// Until when a member that has just started is quiet.
  long quietUntilNanos() {
    return quietUntilNanos;
  }

  VipLease of(String name, long now) {
    VipLease vip = vips.get(name);
    return vip == null ? of(new VipAssignment(name, 0, null, List.of()), now) : vip;
  }

  /// The VIP of an assignment, which it gets if it was not known.
  VipLease of(VipAssignment assignment, long now) {
    return vips.computeIfAbsent(
        assignment.vip(), name -> new VipLease(assignment, guards(name), quietUntilNanos, now));
  }

  /// From now on these are guarded. Before the first call everything is.
  ///
  /// @return those that are guarded no more
  List<VipLease> guarding(List<String> names, long now) {
    TreeSet<String> before = guarded;
    guarded = new TreeSet<>(names);
    for (String name : names) {
      VipLease vip = of(name, now);
      if (before != null && !before.contains(name)) {
        vip.quietUntilNanos = now + quietNanos;
      }
    }
    List<VipLease> left = new ArrayList<>();
    for (VipLease vip : vips.values()) {
      vip.guarded = guards(vip.name());
      if (!vip.guarded) {
        left.add(vip);
      }
    }
    return left;
  }

  private boolean guards(String name) {
    TreeSet<String> listed = guarded;
    return listed == null || UnitLease.is(name) || listed.contains(name);
  }
}
