package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;

/// Unpacks a CIB: options, nodes, resources, tags, tickets, then the status section.
public final class Unpacker {
  private Unpacker() {}

  /// @param cib as [io.trivet.scheduler.cib.CibReader] gives it
  /// @param now seconds since 1970
  /// @throws CibException if it cannot be planned with
  public static Cluster unpack(Element cib, long now) {
    Cluster cluster = new Cluster(cib, now);
    OptionsUnpack.unpack(cluster);
    NodesUnpack nodes = new NodesUnpack(cluster);
    nodes.unpack();
    ResourcesUnpack resources = new ResourcesUnpack(cluster);
    resources.unpack(nodes.implicitConnections());
    TagsUnpack.unpack(cluster);
    StatusUnpack.unpack(cluster, resources);
    InstanceCounts.count(cluster);
    cluster.set(Cluster.Flag.HAVE_STATUS, true);
    return cluster;
  }
}
