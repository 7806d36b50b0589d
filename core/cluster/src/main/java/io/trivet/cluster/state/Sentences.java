package io.trivet.cluster.state;

import io.trivet.cluster.UnitLease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the state says to people, all in one place: the ids are stable, the sentences are for
/// operators.
final class Sentences {
  private Sentences() {}

  static Notice clusterFileSet(String by, Roster roster) {
    return Notice.info(
        "cluster-file-set",
        null,
        "cluster file",
        "The cluster file was set by "
            + by
            + ": controllers "
            + list(roster.nodes(), "and")
            + ", "
            + roster.resources().stream().filter(r -> !UnitLease.is(r)).count()
            + " resources.");
  }

  static Notice clusterFileWorks(List<String> nodes) {
    return Notice.info(
        "cluster-file-works",
        null,
        "cluster file",
        "The cluster file is in effect on " + list(nodes, "and") + ".");
  }

  static Notice clusterFileTakenBack(String by, String node, String failure) {
    return Notice.critical(
        "cluster-file-taken-back",
        node,
        "cluster file",
        "The cluster file of "
            + by
            + " was taken back, and the one before is in force again on all controllers: "
            + node
            + " cannot bring it about: "
            + failure
            + ".");
  }

  static Notice clusterFileUnusable(String node, String failure) {
    return Notice.critical(
        "cluster-file-unusable",
        node,
        "cluster file",
        node
            + " cannot bring about the cluster file in force and goes on with the last one that"
            + " worked there: "
            + failure
            + ".");
  }

  static Notice gone(String node, List<String> held) {
    String holding = held.isEmpty() ? "" : " It held " + leases(held) + ".";
    return Notice.warning(
        "controller-gone",
        node,
        node,
        "Controller "
            + node
            + " is gone: nothing was heard from it for longer than a lease."
            + holding);
  }

  static Notice back(String node, long sinceMillis, long now) {
    if (sinceMillis == 0) {
      return Notice.info("controller-joined", node, node, "Controller " + node + " is here.");
    }
    return Notice.info(
        "controller-back",
        node,
        node,
        "Controller " + node + " is back after " + duration(now - sinceMillis) + ".");
  }

  static Notice startedAnew(String node) {
    return Notice.info(
        "daemon-started",
        node,
        node,
        "trivetd started anew on " + node + "; it reports its services again.");
  }

  static Notice quorumLost(String self, List<String> held) {
    String dark = held.isEmpty() ? "" : " It held " + leases(held) + ", and does so no more.";
    return Notice.critical(
        "quorum-lost",
        self,
        self,
        self
            + " is not in touch with a majority of the controllers: from here nothing is started,"
            + " moved or promoted."
            + dark);
  }

  static Notice quorumRegained(String self, long millis) {
    return Notice.info(
        "quorum-regained",
        self,
        self,
        self + " is in touch with a majority again after " + duration(millis) + ".");
  }

  static Notice standby(String node, boolean on, String by) {
    return on
        ? Notice.info(
            "standby-on",
            node,
            node,
            by + " put " + node + " in standby: its VIPs move away, then its services stop.")
        : Notice.info(
            "standby-off",
            node,
            node,
            by + " took " + node + " out of standby: its services start again.");
  }

  static Notice ordered(
      String resource, Wanted wanted, String how, List<String> nodes, String reason) {
    String node = nodes.size() == 1 ? nodes.getFirst() : null;
    String on = list(nodes, "and");
    if (wanted == Wanted.STOPPED) {
      return Notice.info(
          "service-stop",
          node,
          resource,
          resource + " is told to stop on " + on + ": " + sentence(reason));
    }
    if (how.equals(Target.BOOTSTRAP)) {
      return Notice.info(
          "bootstrap-decided",
          node,
          resource,
          resource + " is bootstrapped from " + on + ": " + sentence(reason));
    }
    if (how.equals(Target.LEAVE)) {
      return Notice.info(
          "service-stop",
          node,
          resource,
          resource + " is told to stop on " + on + " until it can start anew: " + sentence(reason));
    }
    String manner = how.equals(Target.PLAIN) ? "" : " (" + how + ")";
    return Notice.info(
        "service-start",
        node,
        resource,
        resource + " is told to start on " + on + manner + ": " + sentence(reason));
  }

  static Notice failed(Report report, int failures) {
    String detail = report.detail().isEmpty() ? "no reason was reported" : report.detail();
    String times = failures > 1 ? " (failure " + failures + " in a row)" : "";
    return Notice.warning(
        "service-failed",
        report.node(),
        report.resource(),
        report.resource() + " on " + report.node() + " is down" + times + ": " + sentence(detail));
  }

  static Notice recovered(Report report, long millis) {
    return Notice.info(
        "service-recovered",
        report.node(),
        report.resource(),
        report.resource()
            + " on "
            + report.node()
            + " is up again after "
            + duration(millis)
            + detail(report)
            + ".");
  }

  static Notice started(Report report) {
    return Notice.info(
        "service-started",
        report.node(),
        report.resource(),
        report.resource() + " on " + report.node() + " is up" + detail(report) + ".");
  }

  static Notice stopped(Report report) {
    return Notice.info(
        "service-stopped",
        report.node(),
        report.resource(),
        report.resource() + " on " + report.node() + " is stopped.");
  }

  /// VIPs and units by their leases: `VIP public and the lease of cinder-volume`.
  private static String leases(List<String> held) {
    return list(
        held.stream()
            .map(l -> UnitLease.is(l) ? "the lease of " + UnitLease.resource(l) : "VIP " + l)
            .toList(),
        "and");
  }

  private static Notice leaseAssigned(
      String unit, @Nullable String from, @Nullable String to, String reason) {
    if (to == null) {
      return Notice.critical(
          "unit-unheld",
          from,
          unit,
          unit + " may run nowhere any more, its lease was with " + from + ": " + sentence(reason));
    }
    return from == null
        ? Notice.info(
            "unit-assigned",
            to,
            unit,
            "The lease of " + unit + " goes to " + to + ": " + sentence(reason))
        : Notice.info(
            "unit-moved",
            to,
            unit,
            "The lease of " + unit + " moves from " + from + " to " + to + ": " + sentence(reason));
  }

  /// Tells a decision: that the VIP answers where it was assigned to is told by [#answers].
  static Notice assigned(String vip, @Nullable String from, @Nullable String to, String reason) {
    if (UnitLease.is(vip)) {
      return leaseAssigned(UnitLease.resource(vip), from, to, reason);
    }
    if (to == null) {
      return Notice.critical(
          "vip-unheld",
          from,
          vip,
          "VIP " + vip + " has no holder any more, it was " + from + ": " + sentence(reason));
    }
    String subject = "VIP " + vip + " is assigned to " + to;
    return from == null
        ? Notice.info("vip-assigned", to, vip, subject + ": " + sentence(reason))
        : Notice.info(
            "vip-moved", to, vip, subject + " instead of " + from + ": " + sentence(reason));
  }

  static Notice answers(Report report) {
    if (UnitLease.is(report.resource())) {
      String unit = UnitLease.resource(report.resource());
      return Notice.info(
          "unit-heard",
          report.node(),
          unit,
          report.node()
              + " holds the lease of "
              + unit
              + ": the kernel lets its packets out there.");
    }
    return Notice.info(
        "vip-answers",
        report.node(),
        report.resource(),
        "VIP " + report.resource() + " answers on " + report.node() + ".");
  }

  static Notice attribute(String name, @Nullable String from, @Nullable String to, String reason) {
    String id = name.endsWith(".writer") ? "writer-changed" : "decision-changed";
    String was = from == null ? "" : " (was " + from + ")";
    // Other values than the writer's are no names of controllers.
    String node = id.equals("writer-changed") ? to : null;
    return Notice.info(
        id,
        node,
        name,
        name + " is " + (to == null ? "nobody" : to) + was + ": " + sentence(reason));
  }

  static Notice preferred(String resource, String node, String by) {
    return Notice.info(
        "preference-set", node, resource, by + " wants " + resource + " on " + node + ".");
  }

  static Notice preferenceEnded(String resource, String node, String why) {
    return Notice.info(
        "preference-ended",
        node,
        resource,
        "The wish for " + resource + " on " + node + " ended: " + sentence(why));
  }

  static Notice recoveryWaits(String resource, Recovery recovery, String reason) {
    return Notice.warning(
        "recovery-waits",
        null,
        resource,
        resource
            + " waits: "
            + sentence(reason)
            + " If that cannot be, an operator can let it go on from "
            + recovery.told()
            + ": trivet resource accept-loss "
            + resource
            + " --node NODE.");
  }

  static Notice recoveryOver(String resource, String reason) {
    return Notice.info(
        "recovery-over",
        null,
        resource,
        "No decision about " + resource + " is needed any more: " + sentence(reason));
  }

  static Notice lossAccepted(String resource, String node, List<String> lost, String by) {
    return Notice.warning(
        "loss-accepted",
        node,
        resource,
        by
            + " lets "
            + resource
            + " be recovered from "
            + node
            + "; "
            + Recovery.loss(lost)
            + " is lost. This holds for this recovery only; until it is used: trivet resource"
            + " accept-loss "
            + resource
            + " --undo");
  }

  static Notice lossWithdrawn(String resource, AcceptedLoss accepted, String by) {
    return Notice.info(
        "loss-withdrawn",
        accepted.node(),
        resource,
        by + " took back that " + resource + " may be recovered from " + accepted.node() + ".");
  }

  static Notice lossEnded(String resource, AcceptedLoss accepted, @Nullable Recovery now) {
    List<String> price = now == null ? null : now.choices().get(accepted.node());
    String why =
        now == null
            ? "it is not needed any more"
            : price == null
                ? accepted.node() + " cannot be chosen any more"
                : "more would be lost now: " + Recovery.loss(price);
    return Notice.info(
        "loss-ended",
        accepted.node(),
        resource,
        "That "
            + resource
            + " may be recovered from "
            + accepted.node()
            + " ended unused: "
            + sentence(why));
  }

  /// Why a loss cannot be accepted when no recovery is open.
  static String nothingToRecover(String resource) {
    return resource + " waits for no decision, so there is no loss to accept";
  }

  /// Why a loss cannot be accepted for this member.
  static String noChoice(String resource, String node, Recovery recovery) {
    return resource + " cannot go on from " + node + "; it can from " + recovery.told();
  }

  static Notice refused(Command command, String by, String reason) {
    return Notice.warning(
        "command-refused",
        null,
        command.getClass().getSimpleName(),
        command.getClass().getSimpleName() + " by " + by + " was refused: " + sentence(reason));
  }

  private static String detail(Report report) {
    return report.detail().isEmpty() ? "" : ": " + report.detail();
  }

  /// Ends a clause with one full stop.
  static String sentence(String clause) {
    return clause.endsWith(".") ? clause : clause + ".";
  }

  /// `c1`, `c1 and c2`, `c1, c2 and c3`; `none` for an empty list.
  static String list(List<String> names, String conjunction) {
    if (names.isEmpty()) {
      return "none";
    }
    if (names.size() == 1) {
      return names.getFirst();
    }
    return String.join(", ", names.subList(0, names.size() - 1))
        + " "
        + conjunction
        + " "
        + names.getLast();
  }

  /// A duration as an operator reads it: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
  static String duration(long millis) {
    long shown = Math.max(0, millis);
    if (shown < 10_000) {
      return shown / 1000 + "." + shown % 1000 / 100 + " s";
    }
    long seconds = shown / 1000;
    if (seconds < 60) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    return minutes < 60
        ? minutes + " min " + seconds % 60 + " s"
        : minutes / 60 + " h " + minutes % 60 + " min";
  }
}
