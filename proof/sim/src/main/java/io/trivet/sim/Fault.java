package io.trivet.sim;

import io.trivet.cluster.lease.LeaseTiming;

/// What goes wrong in a world, or what its operator does, and when. Times are real nanoseconds from
/// the start; controllers and VIPs are counted from 0.
public sealed interface Fault {
  /// When it begins.
  long atNanos();

  /// All processes of a controller stand still; its kernel goes on.
  record Pause(long atNanos, int node, long forNanos) implements Fault {}

  /// The same, right before the daemon's n-th instruction that matters from that time on: so a
  /// pause falls between any two of them, however close they are.
  record PauseBefore(long atNanos, int node, int instruction, long forNanos) implements Fault {}

  /// A machine too busy: whenever the lease thread is to run, it waits for up to so long first.
  record Late(long atNanos, int node, long mostNanos, long forNanos) implements Fault {}

  /// The daemon dies and is started again; the kernel keeps what it has.
  record Crash(long atNanos, int node, long forNanos) implements Fault {}

  /// The controller loses power and gets it back.
  record PowerOff(long atNanos, int node, long forNanos) implements Fault {}

  /// Nothing gets from one controller to another; the other direction is a fault of its own.
  record Cut(long atNanos, int from, int to, long forNanos) implements Fault {}

  /// Messages are lost, late or doubled.
  record Storm(long atNanos, int perMille, long forNanos) implements Fault {}

  /// A controller cannot serve a VIP (its load balancer is dead).
  record Unhealthy(long atNanos, int node, int vip, long forNanos) implements Fault {}

  /// Time synchronisation makes a kernel's clock run that many millionths faster, or slower; the
  /// clock of the leases does not follow.
  record Slew(long atNanos, int node, long millionths) implements Fault {}

  /// A whole machine stands still, its clocks too: suspended (`noticed`: its kernel tells), or a
  /// virtual machine stopped by its host (nothing in it can tell).
  record Stand(long atNanos, int node, long forNanos, boolean noticed) implements Fault {}

  /// `nft flush ruleset`.
  record Flush(long atNanos, int node) implements Fault {}

  /// Somebody deletes the VIP's address.
  record AddressDeleted(long atNanos, int node, int vip) implements Fault {}

  /// The kernel refuses the next orders.
  record Refuse(long atNanos, int node, int orders) implements Fault {}

  /// An operator moves a VIP.
  record Move(long atNanos, int vip, int node) implements Fault {}

  /// A controller takes over another timing from the cluster file; each does at a moment of its
  /// own.
  record Retime(long atNanos, int node, LeaseTiming timing) implements Fault {}

  /// A controller takes over a cluster file in which the VIP's addresses belong to a VIP of another
  /// name: the lease is another one, and other controllers may still know the old one.
  record Redefine(long atNanos, int node, int vip, int generation) implements Fault {}

  /// Another controller becomes leader.
  record NewLeader(long atNanos, int node) implements Fault {}
}
