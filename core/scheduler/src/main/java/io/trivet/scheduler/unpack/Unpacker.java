package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;

/// Unpacks a CIB: options, nodes, resources, tags, tickets, then the status section.
public final class Unpacker {
  private Unpacker() {}

  /// @param cib as [io.trivet.scheduler.cib.CibReader] gives it
  /// @param now seconds since 1970
  /// @throws io.trivet.scheduler.cib.CibException if it cannot be planned with
  public static Cluster unpack(Element cib, long now) {
    throw new UnsupportedOperationException(cib.name() + now);
  }
}
