package io.trivet.daemon.lease;

/// The clock that leases are counted by.
public interface LeaseClock {
  /// A monotonic clock that nobody slews or sets. It may stand still while the machine is
  /// suspended.
  long nanos();

  /// How often the machine was seen to have been suspended since this process began. When it rose,
  /// nothing that is known of leases is worth anything.
  long suspensions();
}
