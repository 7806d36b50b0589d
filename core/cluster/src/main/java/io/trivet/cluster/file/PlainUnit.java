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
public record PlainUnit(String name, List<String> units, Kind kind, List<String> after) {

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

  /// @throws IllegalArgumentException if there is no unit
  public PlainUnit {
    units = List.copyOf(units);
    after = List.copyOf(after);
    if (units.isEmpty()) {
      throw new IllegalArgumentException(name + " has no systemd unit.");
    }
  }
}
