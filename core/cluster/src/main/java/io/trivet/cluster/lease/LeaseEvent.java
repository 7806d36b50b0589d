package io.trivet.cluster.lease;

import io.trivet.cluster.VipAssignment;
import java.util.List;

/// What a [LeaseMachine] is told.
public sealed interface LeaseEvent {
  /// Time has passed. Due at [LeaseMachine#dueAtNanos()]; earlier or later does no harm.
  record Tick() implements LeaseEvent {}

  /// The machine was suspended and runs again: no clock that leases are counted by has seen how
  /// long. To be told before anything else. What is held is let go, what was asked before is worth
  /// nothing; promises to others last longer than they must.
  record Resumed() implements LeaseEvent {}

  /// A message of another member.
  record Received(LeaseMessage message) implements LeaseEvent {}

  /// Assignments from the log; those that are older than what is known are ignored, VIPs that are
  /// not named stay as they were.
  record Assigned(List<VipAssignment> assignments) implements LeaseEvent {
    public Assigned {
      assignments = List.copyOf(assignments);
    }
  }

  /// Whether this controller can serve the VIP (load balancer healthy, not in standby, not
  /// stopping). False at the start.
  record Eligible(String vip, boolean eligible) implements LeaseEvent {}

  /// Which run of the daemon these leases serve from now on, [LeaseMessage#NO_DAEMON] when there is
  /// none, [LeaseMessage#UNKNOWN_DAEMON] when that is not known yet. It goes into the pulses and
  /// changes nothing else: whether VIPs may be held without a daemon is said by `Eligible`.
  record Attended(long daemon) implements LeaseEvent {}

  /// Whether the VIP's links in this controller's kernel are as they must be. True at the start; a
  /// VIP that is eligible and not fit is not served here.
  record Fit(String vip, boolean fit) implements LeaseEvent {}

  /// From now on leases are asked for this long and renewed this often. What was granted before
  /// holds as long as it was granted; a promise is never shortened. Members may have different
  /// timings at the same time: each pulse says how long its sender's leases are.
  record Retimed(LeaseTiming timing) implements LeaseEvent {}

  /// The VIPs that this controller guards from now on; before the first such event, every VIP. A
  /// VIP that is not guarded is neither asked for nor granted, and let go if it is held. One that
  /// is new here is granted only after a quiet time, so that whatever was promised before, under
  /// any name, has ended. Leases of units are not meant.
  record Guarding(List<String> vips) implements LeaseEvent {
    public Guarding {
      vips = List.copyOf(vips);
    }
  }

  /// The kernel does not answer for the VIP, all earlier `Hold` are void: the confirmation of
  /// `Darken` with the same number.
  record Darkened(String vip, long number) implements LeaseEvent {}

  /// A `Hold` could not be carried out; the kernel does not answer for the VIP.
  record HoldFailed(String vip) implements LeaseEvent {}
}
