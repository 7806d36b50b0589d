package io.trivet.scheduler.actions;

import io.trivet.scheduler.cib.Element;
import java.util.List;

/// Which operations of a history say something of what is now.
///
/// @param start the last start, or what implies one, counted from 0; -1 for none
/// @param stop the last successful stop; -1 for none
record ActiveRange(int start, int stop) {

  static ActiveRange of(List<Element> sorted) {
    int start = -1;
    int stop = -1;
    int byMonitor = -1;
    int byPromotion = -1;
    for (int i = 0; i < sorted.size(); i++) {
      Element operation = sorted.get(i);
      switch (operation.get("operation", "")) {
        case "stop" -> stop = "0".equals(operation.get("op-status")) ? i : stop;
        case "start", "migrate_from" -> start = i;
        case "monitor" -> {
          String rc = operation.get("rc-code", "");
          if (byMonitor <= stop && (rc.equals("0") || rc.equals("8"))) {
            byMonitor = i;
          }
        }
        case "promote", "demote" -> byPromotion = i;
        default -> {}
      }
    }
    if (start == -1) {
      start = byPromotion == -1 ? byMonitor : byPromotion;
    }
    return new ActiveRange(start, stop);
  }

  /// True if the operation at that place was executed since.
  boolean contains(int index) {
    return start >= stop && index >= start;
  }
}
