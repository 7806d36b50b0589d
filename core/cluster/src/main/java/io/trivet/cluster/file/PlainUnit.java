package io.trivet.cluster.file;

import java.util.List;
import java.util.Locale;

/// Something that systemd runs and Trivet only starts, stops and watches.
///
/// @param name its name, unique
/// @param units the systemd units, without `.service`; several are one group: started in this
///   order, on the same controller
/// @param kind on every controller, or on one
/// @param after what must have been started somewhere before it: names of other parts of the
///   cluster file
/// @param fence what keeps a second one from acting when its controller is gone
public record PlainUnit(
    String name, List<String> units, Kind kind, List<String> after, Fence fence) {

  /// What proves that a singleton does no harm on a controller that is gone.
  public enum Fence {
    /// Nothing: it stays where it is until its controller is back. Of a clone nothing need be
    /// proven.
    NONE,
    /// The kernel of its controller, which lets its packets out only while the controller holds the
    /// unit's lease.
    NETWORK;

    /// The word in the cluster file.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Where it runs.
  public enum Kind {
    /// On every controller.
    CLONE,
    /// On exactly one controller at a time.
    SINGLETON;

    /// The word in the cluster file.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @throws IllegalArgumentException if there is no unit, or a fence around a clone or several
  ///   units
  public PlainUnit {
    units = List.copyOf(units);
    after = List.copyOf(after);
    if (units.isEmpty()) {
      throw new IllegalArgumentException(name + " has no systemd unit.");
    }
    if (fence != Fence.NONE && (kind != Kind.SINGLETON || units.size() > 1)) {
      throw new IllegalArgumentException(name + " is not one singleton and cannot be fenced.");
    }
  }
}
