package io.trivet.cluster.state;

/// Whether the cluster counts on a controller.
public enum Presence {
  /// Heard steadily; may hold VIPs and run services.
  PRESENT,
  /// Missed by a majority, or by the leader alone for two seconds, or never heard yet; or its
  /// daemon is away. It gets no orders.
  GONE
}
