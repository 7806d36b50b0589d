package io.trivet.scheduler.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a resource is, or shall be, on a node; the order is from less to more active.
public enum Role {
  UNKNOWN("Unknown"),
  STOPPED("Stopped"),
  STARTED("Started"),
  UNPROMOTED("Unpromoted"),
  PROMOTED("Promoted");

  private final String text;

  Role(String text) {
    this.text = text;
  }

  /// Pacemaker's word for it, such as `Started`.
  public String text() {
    return text;
  }

  /// True for every role in which the resource runs.
  public boolean active() {
    return compareTo(STOPPED) > 0;
  }

  /// The role of that name, letter case aside; names of old releases (Master, Slave) are known.
  ///
  /// @return null where the name is none
  public static @Nullable Role parse(@Nullable String name) {
    if (name == null) {
      return null;
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "stopped" -> STOPPED;
      case "started" -> STARTED;
      case "unpromoted", "slave" -> UNPROMOTED;
      case "promoted", "master" -> PROMOTED;
      default -> null;
    };
  }
}
