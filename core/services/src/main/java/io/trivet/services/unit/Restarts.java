package io.trivet.services.unit;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import java.util.NavigableMap;
import java.util.TreeMap;

/// When an instance that hangs is started anew, decided from what all controllers agree on, so that
/// they never do it all at once. Each puts into its report that its instance hangs
/// ([Answers#facts]) and how often it was started anew for that; who was so least often is first,
/// then the order of names.
///
/// | the others | this instance | it is started anew |
/// |---|---|---|
/// | one is being started anew, for less than 2 minutes, or 10 while its start gets on | | not now |
/// | one is being started anew for longer: it does not come back | | is looked at as if that one were not there |
/// | one that hangs is first | | not now |
/// | one serves | uses no processor time | after 8 s of silence |
/// | one serves | works | after 60 s |
/// | none serves | uses no processor time | after 60 s: it may wait for what all of them wait for |
/// | none serves | works | after 300 s: all are slow, and a start would make them slower |
///
/// How long another one takes to come back is counted here, on this controller's own clock, from
/// the moment that it was first seen to do so ([Returning]); that it fails and starts in between
/// does not begin the count anew.
///
/// Each time in a row doubles these, up to 30 minutes. Nothing happens before the own report is
/// agreed on: without a quorum nobody knows of the others.
final class Restarts {
  private static final long SECOND = 1_000_000_000L;

  static final long SERVED_STOPPED_NANOS = 8 * SECOND;
  static final long SERVED_WORKING_NANOS = 60 * SECOND;
  static final long ALONE_STOPPED_NANOS = 60 * SECOND;
  static final long ALONE_WORKING_NANOS = 300 * SECOND;
  static final long LONGEST_NANOS = 1_800 * SECOND;

  /// How long one that was started anew may hold up the others while it fails.
  static final long RETURN_NANOS = 120 * SECOND;

  /// How long while its start gets on.
  static final long LONG_RETURN_NANOS = UnitAgent.LONGEST_START_NANOS;

  /// Fact: how often it was started anew in a row, while that is not over.
  private static final String ANEW = "anew";

  private Restarts() {}

  /// Another controller's instance that was started anew and is not known to be well for good.
  ///
  /// @param times how often in a row it was
  /// @param sinceNanos since when this controller knows of that time
  public record Returning(int times, long sinceNanos) {}

  /// Follows who was started anew.
  static NavigableMap<String, Returning> follow(
      NavigableMap<String, Returning> before,
      ClusterState view,
      String resource,
      String node,
      long now) {
    TreeMap<String, Returning> next = new TreeMap<>();
    for (String other : view.roster().nodes()) {
      Report report = view.report(resource, other);
      int times = report == null || other.equals(node) ? 0 : times(report);
      if (times > 0) {
        Returning known = before.get(other);
        next.put(
            other, known != null && known.times() == times ? known : new Returning(times, now));
      }
    }
    return next;
  }

  /// Puts into a report's facts that the instance was started anew so often.
  static void note(NavigableMap<String, String> facts, int times) {
    if (times > 0) {
      facts.put(ANEW, Integer.toString(times));
    }
  }

  /// True if the instance of `node`, which hangs, is to be started anew now.
  ///
  /// @param times how often in a row it was already
  /// @param returning who else was started anew, see [#follow]
  static boolean due(
      ClusterState view,
      String resource,
      String node,
      Answers answers,
      int times,
      NavigableMap<String, Returning> returning,
      long now) {
    if (!Answers.hangs(view.report(resource, node))) {
      return false;
    }
    boolean served = false;
    for (String other : view.roster().nodes()) {
      Report report = view.report(resource, other);
      if (other.equals(node) || report == null || !view.node(other).present()) {
        continue;
      }
      boolean hangs = Answers.hangs(report);
      if (!hangs && report.run() != RunState.STARTED && comesBack(report, returning, now)) {
        return false;
      }
      boolean first = times(report) < times || times(report) == times && other.compareTo(node) < 0;
      if (hangs && first) {
        return false;
      }
      served |= !hangs && report.run() == RunState.STARTED;
    }
    return answers.silentNanos(now) >= patience(served, answers.stopped(), times);
  }

  private static boolean comesBack(
      Report report, NavigableMap<String, Returning> returning, long now) {
    if (times(report) == 0) {
      return false;
    }
    Returning since = returning.get(report.node());
    long may = report.run() == RunState.STARTING ? LONG_RETURN_NANOS : RETURN_NANOS;
    return since == null || now - since.sinceNanos() < may;
  }

  private static long patience(boolean served, boolean stopped, int times) {
    long once =
        served
            ? stopped ? SERVED_STOPPED_NANOS : SERVED_WORKING_NANOS
            : stopped ? ALONE_STOPPED_NANOS : ALONE_WORKING_NANOS;
    return Math.min(LONGEST_NANOS, once << Math.min(times, 10));
  }

  private static int times(Report report) {
    String times = report.facts().getOrDefault(ANEW, "0");
    boolean number =
        !times.isEmpty() && times.length() < 9 && times.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(times) : 0;
  }
}
