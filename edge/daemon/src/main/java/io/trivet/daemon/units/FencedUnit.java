package io.trivet.daemon.units;

import io.trivet.cluster.UnitFence;
import java.util.TreeSet;

/// One unit that the network fences, as the lease thread knows it.
final class FencedUnit {
  private static final long NONE = -1;

  final String resource;
  final String unit;

  /// Numbers of the groups that were let speak and not silenced since. The lease thread's.
  final TreeSet<Long> lit = new TreeSet<>();

  /// The kernel was seen to keep it silent, and nothing let it speak since. The lease thread's.
  boolean silenced;

  private volatile long condemned = NONE;

  /// @param resource as in the cluster file
  /// @param unit with `.service`
  FencedUnit(String resource, String unit) {
    this.resource = resource;
    this.unit = unit;
  }

  /// The group that each run of it is in; made anew for each, with a number of its own.
  String group() {
    return UnitFence.unitGroup(resource, unit);
  }

  /// That run lost its lease: it is to end, and is never let speak again.
  void condemn(long run) {
    condemned = run;
  }

  boolean isCondemned(long run) {
    return condemned == run;
  }

  /// The run has ended: whatever is in its group from now on is another one.
  void ended() {
    condemned = NONE;
  }
}
