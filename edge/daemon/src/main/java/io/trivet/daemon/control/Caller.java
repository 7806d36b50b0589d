package io.trivet.daemon.control;

/// Who asks, as the kernel says it (SO_PEERCRED, unix(7)).
///
/// @param user the user's name, or its number where it has none
/// @param mayChange true for root, the daemon's own user and members of the group `trivet` by
///   primary group: they may change the cluster; everybody else may look
public record Caller(String user, boolean mayChange) {}
