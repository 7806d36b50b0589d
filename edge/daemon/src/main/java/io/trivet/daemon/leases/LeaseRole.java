package io.trivet.daemon.leases;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.LeaseTiming;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a lease process is: whose leases it keeps, with whom it agrees, which VIPs it guards. All
/// that it needs of the cluster file.
///
/// @param self the controller's name, one of the members
/// @param members all members with a vote: name to address
/// @param timing lengths of lease, renewal and margin
/// @param vips the VIPs of the cluster file
public record LeaseRole(
    String self, SortedMap<String, IpAddress> members, LeaseTiming timing, List<Vip> vips) {
  /// The most members that are read.
  public static final int MAX_MEMBERS = 64;

  /// @throws IllegalArgumentException when the controller is not a member, or a name is none
  public LeaseRole {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    vips = List.copyOf(vips);
    members.keySet().forEach(VipAssignment::checkName);
    if (!members.containsKey(self)) {
      throw new IllegalArgumentException(self + " is not one of the members " + members.keySet());
    }
  }

  /// The address of this controller.
  public IpAddress address() {
    return address(self);
  }

  /// Whether a process that plays this role can play the other one without a new start: the same
  /// controller, the same members.
  boolean canBecome(LeaseRole other) {
    return self.equals(other.self) && members.equals(other.members);
  }

  private IpAddress address(String member) {
    IpAddress address = members.get(member);
    if (address == null) {
      throw new IllegalStateException(member + " is not one of the members " + members.keySet());
    }
    return address;
  }
}
