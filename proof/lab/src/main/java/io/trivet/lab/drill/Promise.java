package io.trivet.lab.drill;

import io.trivet.lab.drill.DrillResult.Column;
import io.trivet.lab.observe.Percentiles;
import java.util.ArrayList;
import java.util.List;

/// What is promised about a fault: a figure of a column that is at most so large.
///
/// @param what the figure, for people
/// @param column of the measurement
/// @param median true for the p50, false for the worst of all runs
/// @param most in milliseconds
record Promise(String what, Column column, boolean median, long most) {
  /// Everything that is promised about a fault.
  static List<Promise> of(Fault fault) {
    List<Promise> promises = new ArrayList<>();
    switch (fault) {
      case POWER_OFF -> {
        promises.add(median("outage", Column.OUTAGE, 500));
        promises.add(worst("outage", Column.OUTAGE, 1_000));
      }
      case POWER_OFF_WRITER -> promises.add(median("API", Column.API, 2_000));
      case CABLE, SILENT_CUT, FREEZE_NODE, KILL_HAPROXY ->
          promises.add(median("outage", Column.OUTAGE, 500));
      case NFT_FLUSH, MASQUERADE_LOST, NAMESPACE_DELETED, STRANGER ->
          promises.add(worst("outage", Column.OUTAGE, 500));
      case ADDRESS_DELETED, LINK_DOWN, LINK_DELETED ->
          promises.add(worst("outage", Column.OUTAGE, 1_000));
      case PLANNED_MOVE -> promises.add(median("outage", Column.OUTAGE, 50));
      case FULL_OUTAGE -> promises.add(worst("API", Column.API, 60_000));
      case FREEZE_DAEMON,
          KILL_DAEMON,
          KILL_DAEMONS_ALL,
          DISK_FULL,
          DISK_FULL_ALL,
          APPLY_COMMENT,
          APPLY_VIP,
          APPLY_TIMING,
          APPLY_IMPOSSIBLE ->
          promises.add(worst("outage", Column.OUTAGE, 50));
      case FREEZE_LEASES, KILL_LEASES -> promises.add(median("outage", Column.OUTAGE, 500));
      case KILL_LEASES_ALL, KILL_ALL -> promises.add(worst("outage", Column.OUTAGE, 2_000));
      case HANG_RABBITMQ, KILL_MARIADB, KILL_RABBITMQ -> {}
      case HANG_HAPROXY -> promises.add(worst("outage", Column.OUTAGE, 3_000));
      case HANG_MARIADB, HANG_KEYSTONE -> promises.add(median("API", Column.API, 5_000));
    }
    promises.add(worst("two holders", Column.TWO_HOLDERS, 0));
    return promises;
  }

  private static Promise median(String what, Column column, long most) {
    return new Promise(what + " p50 ≤ " + most, column, true, most);
  }

  private static Promise worst(String what, Column column, long most) {
    return new Promise(what + (most == 0 ? " 0" : " max ≤ " + most), column, false, most);
  }

  boolean kept(DrillResult result) {
    Percentiles measured = result.percentiles(column);
    return (median ? measured.p50() : measured.max()) <= most;
  }
}
