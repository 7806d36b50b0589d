package io.trivet.scheduler.model;

import org.jspecify.annotations.Nullable;

/// Looks up attributes of nodes where a guest may stand for its host.
public final class NodeAttributes {
  private NodeAttributes() {}

  /// Which host of a guest is meant.
  public enum Host {
    /// Where its container runs.
    CURRENT,
    /// Where its container is assigned.
    ASSIGNED
  }

  /// The value of the attribute, or null.
  ///
  /// @param target `host` if for a guest node the attribute of its host counts
  public static @Nullable String value(
      Node node, String name, @Nullable String target, Host which) {
    Node from = "host".equals(target) && node.isGuest() ? host(node, which) : node;
    return from == null ? null : from.attributes.get(name);
  }

  /// The host of a guest node, or null where it has none.
  public static @Nullable Node host(Node guest, Host which) {
    Resource connection = guest.remoteResource;
    Resource container = connection == null ? null : connection.container;
    if (container == null) {
      return null;
    }
    return switch (which) {
      case CURRENT -> container.runningOn.isEmpty() ? null : container.runningOn.getFirst();
      case ASSIGNED -> container.assignedTo;
    };
  }
}
