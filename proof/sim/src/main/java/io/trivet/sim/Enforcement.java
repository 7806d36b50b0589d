package io.trivet.sim;

import io.trivet.cluster.lease.HoldCommit;

/// What a lease means in the kernel of a node: that it answers for the addresses of a VIP, or that
/// packets of a unit's run leave it.
final class Enforcement {
  private final Surroundings world;
  private final Node node;
  private final Kernel kernel;

  Enforcement(Surroundings world, Node node) {
    this.world = world;
    this.node = node;
    this.kernel = node.kernel;
  }

  /// A lease process begins: of units it ends what it finds.
  void begin() {
    for (String lease : world.vips()) {
      FencedRun unit = world.unit(node, lease);
      if (unit != null && unit.runs()) {
        unit.condemn();
      }
    }
  }

  /// @return false when the kernel refuses, or what lost the lease before is still being ended
  boolean set(String lease, int index, HoldCommit.Key key, long timeout, long late) {
    FencedRun unit = world.unit(node, lease);
    if (unit == null) {
      return kernel.set(index, key, timeout, late, world.now());
    }
    return !unit.condemned() && kernel.set(index, unit.group(), key, timeout, late, world.now());
  }

  void show(String lease, int index) {
    if (world.unit(node, lease) == null) {
      kernel.show(index);
    }
  }

  /// @return whether it is known to be dark
  boolean darken(String lease, int index) {
    FencedRun unit = world.unit(node, lease);
    boolean cleared = kernel.clear(index);
    if (unit == null) {
      // What cannot be proven dark is taken off the machine.
      return cleared || !kernel.guarded();
    }
    // A run is dark when the guard is there and lets nothing out, or when nothing of it is left.
    boolean dark = cleared || !unit.runs() || (kernel.putGuard() && kernel.clear(index));
    if (unit.runs()) {
      unit.condemn();
    }
    return dark;
  }
}
