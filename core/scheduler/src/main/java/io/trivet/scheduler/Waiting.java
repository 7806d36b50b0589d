package io.trivet.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that is wanted but must not be done yet.
///
/// @param resource the resource that waits
/// @param nodes where it waits; empty if it is about the resource as a whole
/// @param why what for, a clause without a full stop
/// @param command what an operator can type to end the waiting, or null if it ends by itself
public record Waiting(String resource, List<String> nodes, String why, @Nullable String command) {
  public Waiting {
    nodes = List.copyOf(nodes);
  }

  /// What waits, e.g. `keystone on c1 and c2`.
  public String what() {
    return nodes.isEmpty() ? resource : resource + " on " + Words.list(nodes);
  }
}
