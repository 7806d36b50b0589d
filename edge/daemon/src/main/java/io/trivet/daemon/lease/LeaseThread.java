package io.trivet.daemon.lease;

import java.util.List;
import java.util.concurrent.Executor;

/// What others may ask of the thread that leases are kept on: short tasks, run between two of its
/// events and in order.
public interface LeaseThread extends Executor {
  /// Somebody changed the guard of these VIPs, which live in one place: it is made anew, and those
  /// that are held get what is left of their leases.
  void guardTouched(List<String> vips);
}
