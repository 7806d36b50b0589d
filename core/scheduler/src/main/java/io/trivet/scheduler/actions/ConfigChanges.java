package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;

/// What follows from parameters that changed since an operation was executed.
public final class ConfigChanges {
  private ConfigChanges() {}

  /// Compares the definition of devices that unfence with the one that the node was unfenced with.
  ///
  /// @return true if the node has to be unfenced anew
  static boolean fenceDevicesChanged(Cluster cluster, Node node, Action action) {
    return false;
  }
}
