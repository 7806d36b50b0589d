package io.trivet.sim.site;

/// Something that happens to a site from outside.
///
/// @param atNanos when, from the start of the world
/// @param kind what
/// @param node to which controller, from 0
/// @param other which other controller takes part, where one does
/// @param forNanos how long, where it lasts
record Blow(long atNanos, Kind kind, int node, int other, long forNanos) {
  enum Kind {
    POWER_OFF,
    FULL_OUTAGE,
    DAEMON_KILLED,
    LEASES_KILLED,
    DAEMON_FROZEN,
    LEASES_FROZEN,
    ALL_FROZEN,
    SUSPENDED,
    STOPPED_BY_HOST,
    CUT_OFF,
    ONE_WAY_CUT,
    LINK_CUT,
    HEAD_OF_LINE,
    KERNEL_SLEWED,
    WALL_CLOCK_JUMPS,
    RULES_FLUSHED,
    ADDRESS_DELETED,
    KERNEL_REFUSES,
    DATABASE_KILLED,
    API_KILLED,
    BALANCER_KILLED,
    SINGLETON_KILLED,
    SINGLETON_HANGS,
    SINGLETON_MOVED,
    UNIT_HANGS,
    TOOL_HANGS,
    FILE_UNREADABLE,
    FILE_TORN,
    LOG_REFUSES,
    STANDBY,
    COMMENT_IN_CLUSTER_FILE,
    API_ADDED_OR_REMOVED,
    VIP_MOVED,
    ACCEPT_LOSS,
    BAD_CLUSTER_FILE,
    LEADER_MOVED,
    CLUSTER_FILE_THAT_FAILS
  }
}
