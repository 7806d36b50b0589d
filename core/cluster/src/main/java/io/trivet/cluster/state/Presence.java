package io.trivet.cluster.state;

/// Whether the cluster counts on a controller.
public enum Presence {
  /// Heard steadily; may hold VIPs and run services.
  PRESENT,
  /// Silent for longer than a lease and its margin, or never heard yet. It gets no orders.
  GONE
}
