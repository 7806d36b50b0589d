package io.trivet.scheduler.unpack;

import static io.trivet.scheduler.unpack.HistoryEntry.DEGRADED;
import static io.trivet.scheduler.unpack.HistoryEntry.DEGRADED_PROMOTED;
import static io.trivet.scheduler.unpack.HistoryEntry.FAILED_PROMOTED;
import static io.trivet.scheduler.unpack.HistoryEntry.INSUFFICIENT_PRIVILEGES;
import static io.trivet.scheduler.unpack.HistoryEntry.INVALID_PARAMETER;
import static io.trivet.scheduler.unpack.HistoryEntry.NOT_CONFIGURED;
import static io.trivet.scheduler.unpack.HistoryEntry.NOT_INSTALLED;
import static io.trivet.scheduler.unpack.HistoryEntry.NOT_RUNNING;
import static io.trivet.scheduler.unpack.HistoryEntry.OK;
import static io.trivet.scheduler.unpack.HistoryEntry.RUNNING_PROMOTED;
import static io.trivet.scheduler.unpack.HistoryEntry.UNIMPLEMENTED;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.actions.Resources;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.unpack.HistoryEntry.Execution;

/// Whether an operation of the history succeeded or failed, and how badly: the exit status is
/// compared with the one that was asked for ("Pacemaker Explained", How OCF Return Codes Are
/// Interpreted).
final class ResultMapping {
  private ResultMapping() {}

  /// Takes a degraded resource for a running one.
  ///
  /// @return true if it was degraded
  static boolean degraded(HistoryEntry entry) {
    switch (entry.exit) {
      case DEGRADED -> entry.exit = OK;
      case DEGRADED_PROMOTED -> entry.exit = RUNNING_PROMOTED;
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Sets what the execution came to. Of what the resource is, only what the exit status alone
  /// says.
  ///
  /// @return true if failures before it do not matter any more
  static boolean map(HistoryEntry entry, boolean expired) {
    if (entry.maskedProbe() && entry.execution != Execution.ERROR) {
      entry.execution = Execution.DONE;
      entry.exit = NOT_RUNNING;
    }
    switch (entry.execution) {
      case DONE, ERROR -> {}
      case NO_FENCE_DEVICE, NO_SECRETS -> {
        entry.execution = Execution.ERROR_HARD;
        return false;
      }
      default -> {
        // The executor knows best.
        return false;
      }
    }
    entry.execution =
        entry.expected >= 0 && entry.exit == entry.expected ? Execution.DONE : Execution.ERROR;
    return byExit(entry, expired);
  }

  private static boolean byExit(HistoryEntry entry, boolean expired) {
    Resource resource = entry.resource;
    switch (entry.exit) {
      case OK -> {
        if (entry.probe() && entry.expected == NOT_RUNNING) {
          entry.execution = Execution.DONE;
        }
      }
      case NOT_RUNNING -> {
        if (entry.probe() || entry.expected == entry.exit || !resource.is(Flag.MANAGED)) {
          entry.execution = Execution.DONE;
          resource.role = Role.STOPPED;
          Resources.nextRole(resource, Role.UNKNOWN, "not running");
          return true;
        }
      }
      case RUNNING_PROMOTED -> {
        if (entry.probe() && entry.exit != entry.expected) {
          entry.execution = Execution.DONE;
        }
        if (!expired || entry.exit == entry.expected) {
          resource.role = Role.PROMOTED;
        }
      }
      case FAILED_PROMOTED -> {
        if (!expired) {
          resource.role = Role.PROMOTED;
        }
        entry.execution = Execution.ERROR;
      }
      case NOT_CONFIGURED -> entry.execution = Execution.ERROR_FATAL;
      case UNIMPLEMENTED -> {
        if (entry.intervalMillis == 0) {
          hard(entry, expired);
        } else {
          entry.execution = Execution.NOT_SUPPORTED;
        }
      }
      case NOT_INSTALLED, INVALID_PARAMETER, INSUFFICIENT_PRIVILEGES -> hard(entry, expired);
      default -> {
        if (entry.execution == Execution.DONE) {
          entry.execution = Execution.ERROR;
        }
      }
    }
    return false;
  }

  /// Nothing can be done about a failed stop where the node cannot be fenced.
  private static void hard(HistoryEntry entry, boolean expired) {
    if (!expired && entry.task.equals("stop") && !Actions.canFence(entry.cluster, entry.node)) {
      entry.resource.set(Flag.MANAGED, false);
      entry.resource.set(Flag.BLOCKED, true);
    }
    entry.execution = Execution.ERROR_HARD;
  }
}
