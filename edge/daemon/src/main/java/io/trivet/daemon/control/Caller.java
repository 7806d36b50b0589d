package io.trivet.daemon.control;

/// Who asks, as the kernel says it (SO_PEERCRED, unix(7)).
///
/// @param user the user's name, or its number where it has none
/// @param mayChange true for root, the daemon's own user, and whoever could open the socket that
///   only root and the group `trivet` can: they may change the cluster; everybody else may look
public record Caller(String user, boolean mayChange) {
  /// What somebody does who may only look. The package makes the group.
  static final String HOW_TO_BE_PERMITTED =
      "use sudo, or have an administrator add you to the group trivet (adduser USER trivet) and log in again";
}
