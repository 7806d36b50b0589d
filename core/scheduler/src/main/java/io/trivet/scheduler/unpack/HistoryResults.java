package io.trivet.scheduler.unpack;

import static io.trivet.scheduler.unpack.HistoryEntry.NOT_INSTALLED;
import static io.trivet.scheduler.unpack.HistoryEntry.NOT_RUNNING;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.actions.Resources;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Action.OnFail;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.unpack.HistoryEntry.Execution;
import org.jspecify.annotations.Nullable;

/// Goes through the operations of one resource on one node, oldest first: each changes the role of
/// the resource, fails it, or clears what failed before.
final class HistoryResults {
  private final Cluster cluster;
  private final Resource resource;
  private final Node node;
  private final Failures failures;
  private final MigrationHistory migrations;
  private @Nullable Element lastFailure;
  private OnFail onFail = OnFail.IGNORE;

  HistoryResults(Cluster cluster, Resource resource, Node node) {
    this.cluster = cluster;
    this.resource = resource;
    this.node = node;
    failures = new Failures(cluster);
    migrations = new MigrationHistory(cluster, resource, node);
  }

  /// The most severe reaction that the failures so far ask for.
  OnFail onFail() {
    return onFail;
  }

  void add(Element xml) {
    HistoryEntry entry = HistoryEntry.of(cluster, resource, node, xml);
    if (entry == null) {
      return;
    }
    boolean expired = FailureExpiry.expired(entry);
    int recorded = entry.exit;
    remap(entry, expired);
    if (expired && forget(entry, recorded)) {
      return;
    }
    if (entry.maskedProbe()) {
      update(entry, entry.expected);
      failures.record(entry);
      AllowedNodes.add(banned(), node, -Scores.INFINITY);
      return;
    }
    switch (entry.execution) {
      case PENDING -> pending(entry);
      case DONE -> update(entry, entry.exit);
      case NOT_INSTALLED -> notInstalled(entry);
      default -> failed(entry);
    }
  }

  /// What a ban applies to: all instances of an anonymous clone.
  private Resource banned() {
    return resource.is(Flag.GLOBALLY_UNIQUE) ? resource : resource.topInBundle();
  }

  private void remap(HistoryEntry entry, boolean expired) {
    if (ResultMapping.degraded(entry) && !expired && (!node.shutdown || node.online)) {
      failures.record(entry);
    }
    if (ResultMapping.map(entry, expired)) {
      onFail = OnFail.IGNORE;
    }
  }

  /// True if an expired failure counts for nothing. One of a recurring operation is scheduled anew,
  /// since the executor would not report it twice.
  private boolean forget(HistoryEntry entry, int recorded) {
    if (entry.maskedProbe() && recorded != entry.expected) {
      if (!resource.role.active()) {
        resource.role = Role.UNKNOWN;
      }
      return true;
    }
    if (entry.exit == entry.expected) {
      return false;
    }
    if (entry.intervalMillis == 0) {
      return true;
    }
    if (node.online && !node.unclean) {
      cluster.rescheduled.add(entry.xml);
      return true;
    }
    return false;
  }

  private void pending(HistoryEntry entry) {
    if (entry.intervalMillis != 0 && failedSince(entry)) {
      return;
    }
    switch (entry.task) {
      case "start" -> {
        resource.set(Flag.START_PENDING, true);
        activate();
      }
      case "promote" -> resource.role = Role.PROMOTED;
      case "migrate_to" -> {
        Node target = cluster.node(entry.xml.get("migrate_target"));
        if (node.unclean && target != null) {
          Actions.of(cluster, resource, "stop", target, false);
        }
      }
      default -> {}
    }
    if (resource.pendingTask == null && !entry.probe()) {
      resource.pendingTask = entry.task;
      resource.pendingNode = node;
    }
  }

  /// A recurring operation whose failure was recorded is pending no more: of its successes and
  /// failures, there is an entry each.
  private boolean failedSince(HistoryEntry entry) {
    Element failure = lastFailure;
    if (failure == null
        || !entry.task.equals(failure.get("operation"))
        || entry.intervalMillis != HistoryEntry.interval(failure)) {
      return false;
    }
    long started = HistoryEntry.lastChange(entry.xml);
    return started >= 0 && HistoryEntry.lastChange(failure) >= started;
  }

  private void activate() {
    resource.role = resource.promotable() ? Role.UNPROMOTED : Role.STARTED;
  }

  /// What the operation left behind, where it ended with that exit status.
  private void update(HistoryEntry entry, int exit) {
    boolean clears = false;
    if (exit == NOT_INSTALLED || entry.maskedProbe()) {
      resource.role = Role.STOPPED;
    } else if (exit == NOT_RUNNING) {
      clears = true;
    } else {
      clears = succeeded(entry);
    }
    if (clears) {
      clearFailures();
    }
  }

  /// @return true if a failure before it is made good by it
  private boolean succeeded(HistoryEntry entry) {
    switch (entry.task) {
      case "monitor" -> {
        boolean same = lastFailure != null && entry.key().equals(HistoryEntry.key(lastFailure));
        activateIfStopped();
        return same;
      }
      case "start", "migrate_from" -> resource.role = Role.STARTED;
      case "stop" -> resource.role = Role.STOPPED;
      case "promote" -> resource.role = Role.PROMOTED;
      case "demote" -> {
        resource.role = Role.UNPROMOTED;
        return onFail == OnFail.DEMOTE;
      }
      case "migrate_to" -> {
        migrations.succeededTo(entry.xml);
        return false;
      }
      default -> {
        activateIfStopped();
        return false;
      }
    }
    return true;
  }

  private void activateIfStopped() {
    if (!resource.role.active()) {
      activate();
    }
  }

  private void clearFailures() {
    switch (onFail) {
      case STOP, BAN, STANDBY, FENCE -> {}
      case BLOCK, IGNORE, DEMOTE, RECOVER, RESTART_CONTAINER -> {
        onFail = OnFail.IGNORE;
        Resources.nextRole(resource, Role.UNKNOWN, "clear past failures");
      }
      case RESET_REMOTE -> {
        // With a reconnect interval, the failure has to be cleared before it is tried again.
        if (resource.remoteReconnectMillis == 0) {
          onFail = OnFail.IGNORE;
          Resources.nextRole(resource, Role.UNKNOWN, "clear past failures and reset remote");
        }
      }
    }
  }

  private void notInstalled(HistoryEntry entry) {
    Failures.Handling handling = failures.handling(entry);
    if (handling.onFail() == OnFail.IGNORE) {
      // Nothing runs without its agent, whatever is configured.
      onFail = OnFail.BAN;
    }
    AllowedNodes.add(banned(), node, -Scores.INFINITY);
    fail(entry, handling);
  }

  private void failed(HistoryEntry entry) {
    Resource connection = node.remoteResource;
    if (entry.execution == Execution.NOT_CONNECTED
        && node.isRemoteOrGuest()
        && connection != null
        && connection.is(Flag.MANAGED)) {
      connection.set(Flag.FAILED, true);
      connection.set(Flag.STOP_IF_FAILED_ASSIGN, true);
    }
    Failures.Handling handling = failures.handling(entry);
    boolean containerStops =
        handling.onFail() == OnFail.RESTART_CONTAINER && entry.task.equals("stop");
    if (handling.onFail() == OnFail.IGNORE || containerStops) {
      update(entry, entry.expected);
      resource.set(Flag.LRM_IGNORE_FAILURE, true);
      failures.record(entry);
      if (containerStops
          && io.trivet.scheduler.unpack.OnFail.compare(onFail, OnFail.RECOVER) <= 0) {
        onFail = handling.onFail();
      }
      return;
    }
    fail(entry, handling);
    if (entry.execution == Execution.ERROR_HARD) {
      AllowedNodes.add(banned(), node, -Scores.INFINITY);
    } else if (entry.execution == Execution.ERROR_FATAL) {
      AllowedNodes.addEverywhere(cluster, banned(), -Scores.INFINITY);
    }
  }

  private void fail(HistoryEntry entry, Failures.Handling handling) {
    lastFailure = entry.xml;
    if (entry.exit != NOT_INSTALLED || cluster.is(Cluster.Flag.SYMMETRIC)) {
      failures.record(entry);
    }
    if (io.trivet.scheduler.unpack.OnFail.compare(onFail, handling.onFail()) < 0) {
      onFail = handling.onFail();
    }
    switch (entry.task) {
      case "stop" -> AllowedNodes.add(resource, node, -Scores.INFINITY);
      case "migrate_to" -> migrations.failedTo(entry.xml);
      case "migrate_from" -> migrations.failedFrom(entry.xml);
      case "promote" -> resource.role = Role.PROMOTED;
      case "demote" -> demoteFailed(entry, handling);
      default -> {}
    }
    if (entry.probe() && entry.exit == NOT_INSTALLED) {
      resource.role = Role.STOPPED;
    } else {
      activateIfStopped();
    }
    if (handling.role() != Role.STARTED && resource.nextRole.compareTo(handling.role()) < 0) {
      Resources.nextRole(resource, handling.role(), "failure");
    }
    if (handling.role() == Role.STOPPED) {
      banEverywhere();
    }
  }

  private void demoteFailed(HistoryEntry entry, Failures.Handling handling) {
    if (handling.onFail() == OnFail.BLOCK) {
      resource.role = Role.PROMOTED;
      Resources.nextRole(resource, Role.STOPPED, "demote with on-fail=block");
    } else if (entry.exit == NOT_RUNNING) {
      resource.role = Role.STOPPED;
    } else {
      // It is stopped to recover, and promoted after that at the earliest.
      resource.role = Role.UNPROMOTED;
    }
  }

  /// All instances of an anonymous clone stop where `on-fail="stop"` stops one.
  private void banEverywhere() {
    Resource banned = resource;
    if (resource.parent != null
        && resource.topInBundle() instanceof Resource.Clone clone
        && !clone.is(Flag.GLOBALLY_UNIQUE)) {
      banned = clone;
    }
    AllowedNodes.reset(cluster, banned, -Scores.INFINITY);
  }
}
