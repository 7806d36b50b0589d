package io.trivet.cluster.state;

import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a new report means beside the old one: how long it is so, whether that is a failure, what
/// to say.
final class Observing {
  private Observing() {}

  static Observation next(
      @Nullable Observation last, Report report, @Nullable Target target, long now) {
    if (last == null) {
      boolean failed = report.run() == RunState.FAILED;
      return new Observation(report, now, failed ? 1 : 0, failed ? now : 0);
    }
    long since = last.report().run() == report.run() ? last.sinceMillis() : now;
    if (isFailure(last.report(), report, target)) {
      boolean wasStable =
          last.report().run() == RunState.STARTED
              && now - last.sinceMillis() >= ClusterState.STABLE_MILLIS;
      return new Observation(report, since, wasStable ? 1 : last.failures() + 1, now);
    }
    boolean stoppedInOrder = report.run() == RunState.STOPPED && !wantsStarted(target);
    if (stoppedInOrder) {
      return new Observation(report, since, 0, 0);
    }
    return new Observation(
        report,
        since,
        last.failures(),
        report.run() == RunState.STARTED ? 0 : last.failedAtMillis());
  }

  /// A resource that is down although it acted on an order to start, each try once. Down after
  /// UNKNOWN is the power's failure, not the service's.
  private static boolean isFailure(Report last, Report report, @Nullable Target target) {
    if (!down(report.run())) {
      return false;
    }
    if (report.run() == RunState.FAILED && last.run() != RunState.FAILED) {
      return true;
    }
    boolean actedOnStart =
        target != null
            && wantsStarted(target)
            && !target.how().equals(Target.LEAVE)
            && report.actedEpoch() >= target.epoch();
    boolean wasUp = !down(last.run()) && last.run() != RunState.UNKNOWN;
    boolean triedAgain = down(last.run()) && last.actedEpoch() != report.actedEpoch();
    return actedOnStart && (wasUp || triedAgain);
  }

  private static boolean wantsStarted(@Nullable Target target) {
    return target != null && target.wanted() == Wanted.STARTED;
  }

  private static boolean down(RunState run) {
    return run == RunState.FAILED || run == RunState.STOPPED;
  }

  /// The reports of a node that no longer say anything about now, and why.
  static NavigableMap<String, Observation> forget(
      NavigableMap<String, Observation> byNode, String node, String why, long now) {
    Observation last = byNode.get(node);
    if (last == null || last.report().run() == RunState.UNKNOWN) {
      return byNode;
    }
    Report r = last.report();
    String detail = why + "; was " + r.run();
    TreeMap<String, Observation> changed = new TreeMap<>(byNode);
    changed.put(
        node,
        new Observation(
            new Report(r.resource(), node, RunState.UNKNOWN, r.actedEpoch(), detail, r.facts()),
            now,
            0,
            0));
    return changed;
  }

  /// What to say about a report; null for what is not worth a line. Of a VIP it is told where it
  /// answers; why, its assignment tells.
  static @Nullable Notice notice(
      @Nullable Observation last,
      Observation next,
      @Nullable Target target,
      boolean vip,
      long now) {
    Report report = next.report();
    RunState before = last == null ? RunState.STOPPED : last.report().run();
    boolean failedAnew =
        next.failedAtMillis() > 0
            && (last == null
                || last.failedAtMillis() != next.failedAtMillis()
                || last.failures() != next.failures());
    if (failedAnew) {
      return Sentences.failed(report, next.failures());
    }
    if (before == report.run()) {
      return null;
    }
    if (vip) {
      return report.run() == RunState.STARTED ? Sentences.answers(report) : null;
    }
    return switch (report.run()) {
      case STARTED -> {
        if (last != null && last.failedAtMillis() > 0) {
          yield Sentences.recovered(report, now - last.failedAtMillis());
        }
        yield before == RunState.UNKNOWN ? null : Sentences.started(report);
      }
      case STOPPED ->
          before == RunState.UNKNOWN || wantsStarted(target) ? null : Sentences.stopped(report);
      case STARTING, STOPPING, FAILED, UNKNOWN -> null;
    };
  }
}
