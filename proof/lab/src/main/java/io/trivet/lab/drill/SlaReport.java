package io.trivet.lab.drill;

import io.trivet.lab.observe.Percentiles;
import io.trivet.lab.overload.OverloadResult;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The measured drills as a page: what a fault costs, and how to measure it again.
public final class SlaReport {
  private SlaReport() {}

  /// The page, in Markdown.
  public static String write(
      List<DrillResult> drills,
      Optional<SoakResult> soak,
      Optional<IdleResult> idle,
      List<OverloadResult> overload,
      List<String> notes) {
    StringBuilder page = new StringBuilder();
    page.append("# What a fault costs\n\n");
    page.append(
        """
        Written by `./trivet lab report` from drills in a lab (`./trivet lab up`): three controllers, a
        client and an observer on one machine, which all share its processors. Each fault is made at the
        controller that holds the VIP (hang-mariadb: at the one with the database's writer). Every figure was
        measured; p50 and p99 by nearest rank.

        - **outage**: the longest gap in answers through the VIP. The client opens a TCP connection to the
          load balancer every 5 ms, with its own ARP table; an answer is the SYN-ACK on the wire.
          The kernel of a frozen controller still gives it, until its lease ends: of freeze-node the API
          column says more.
        - **two holders**: time in which two controllers answered for the VIP. The observer asks each
          controller at its own port of the switch every 5 ms, by ARP and by ICMP to each of its Ethernet
          addresses, also behind a cut.
        - **power-off-writer**: a power-off after the VIP was moved to the controller with the writer of
          the database.
        - **API**: the longest time without a token. A raw `POST /v3/auth/tokens` through the VIP is sent
          every 200 ms and given up after 2 s. After a full outage: from power on to the first token.
        - **healthy again**: from the fault until `trivet status` says healthy. The fault itself lasts part of
          it: 5 s where something is cut, stopped or without power, 2 s in a full outage.

        """);
    notes.forEach(note -> page.append(note).append("\n\n"));
    if (drills.isEmpty()) {
      page.append("Nothing was measured yet.\n");
    } else {
      page.append("Measured on: ").append(drills.getFirst().machine()).append(".\n\n");
      for (String timing : OverloadResult.TIMINGS) {
        List<DrillResult> with = drills.stream().filter(it -> it.timing().equals(timing)).toList();
        if (!with.isEmpty()) {
          page.append("## With `timing: ").append(timing).append("`\n\n");
          table(page, with);
          distribution(page, with);
        }
      }
    }
    page.append("## False moves\n\n");
    page.append(
        soak.map(SoakResult::sentence)
            .orElse("Not measured yet: `./trivet lab soak --minutes 15`."));
    page.append("\n\n## A machine that is far too busy\n\n");
    page.append(
        """
        16 busy processes of normal priority, a loop of synced writes and 2 GB of page churn beside the
        controllers, beginning with a full outage. Counted from the moment in which the power came back,
        when nothing is broken any more; keepalived (VRRP version 3, an advertisement each 0.1 s, real-time
        priority, no preemption) on the same controllers in the same run.

        """);
    if (overload.isEmpty()) {
      page.append("Not measured yet: `./trivet lab overload`.");
    } else {
      page.append(OverloadResult.HEAD);
      overload.forEach(result -> page.append(result.row()).append('\n'));
    }
    page.append("\n\n## The daemon while nothing happens\n\n");
    page.append(idle.map(IdleResult::sentence).orElse("Not measured yet: `./trivet lab idle`."));
    page.append(" Wanted: at most 3 % of one processor, at most 160 MiB.");
    page.append("\n\n## To repeat it\n\n```\n./trivet lab up\n");
    for (DrillResult drill : drills) {
      page.append(
          String.format(
              Locale.ROOT,
              "./trivet lab drill %s --runs %d%s%n",
              drill.fault(),
              drill.runs().size(),
              drill.timing().equals("fast") ? "" : " --timing " + drill.timing()));
    }
    page.append(
        "./trivet lab soak --minutes 15\n./trivet lab idle\n./trivet lab overload\n./trivet lab report --output docs/sla.md\n```\n");
    return page.toString();
  }

  private static void table(StringBuilder page, List<DrillResult> drills) {
    page.append("Milliseconds, p50 / p99 / max:\n\n");
    page.append("| fault | runs | outage | two holders | API | healthy again | wanted | met |\n");
    page.append("|---|---|---|---|---|---|---|---|\n");
    for (DrillResult drill : drills) {
      page.append("| ").append(drill.fault()).append(" | ").append(drill.runs().size());
      for (DrillResult.Column column : DrillResult.Column.values()) {
        Percentiles values = drill.percentiles(column);
        page.append(
            String.format(
                Locale.ROOT, " | %d / %d / %d", values.p50(), values.p99(), values.max()));
      }
      page.append(" | ").append(wanted(drill)).append(" |\n");
    }
    page.append('\n');
  }

  private static String wanted(DrillResult drill) {
    List<Promise> promises = Fault.of(drill.fault()).map(Promise::of).orElseGet(List::of);
    boolean kept = promises.stream().allMatch(promise -> promise.kept(drill));
    return String.join(", ", promises.stream().map(Promise::what).toList())
        + " | "
        + (kept ? "yes" : "**no**");
  }

  private static void distribution(StringBuilder page, List<DrillResult> drills) {
    page.append("Every run, outage in milliseconds, ascending; in brackets the longest time in\n");
    page.append("which the observer itself did not ask, in any run:\n\n");
    for (DrillResult drill : drills) {
      List<Long> outages = drill.runs().stream().map(DrillRun::outageMs).sorted().toList();
      long blind = drill.runs().stream().mapToLong(DrillRun::observerBlindMs).max().orElse(0);
      page.append("- ").append(drill.fault()).append(": ");
      page.append(String.join(", ", outages.stream().map(String::valueOf).toList()));
      page.append(String.format(Locale.ROOT, " (%d)%n", blind));
    }
    page.append('\n');
  }
}
