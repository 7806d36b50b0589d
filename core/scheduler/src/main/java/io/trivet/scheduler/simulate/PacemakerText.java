package io.trivet.scheduler.simulate;

import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.text.PlanView;
import io.trivet.scheduler.text.StatusText;
import io.trivet.scheduler.text.SummaryText;
import io.trivet.scheduler.unpack.Unpacker;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The whole story of a plan in the layout of `crm_simulate`: what is true, the summary of the
/// transition, its execution, and what is true after it.
public final class PacemakerText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT);

  private PacemakerText() {}

  /// The time that counts as now, and the line that tells it.
  ///
  /// @param seconds since 1970
  /// @param line empty where it is the time of day
  public record Now(long seconds, String line) {
    /// The time that was asked for, else the one recorded in the CIB, else the time of day.
    ///
    /// @param asked as people wrote it, or null
    /// @param askedSeconds the same in seconds since 1970, or null
    public static Now of(
        Element cib, @Nullable String asked, @Nullable Long askedSeconds, long timeOfDay) {
      if (asked != null && askedSeconds != null) {
        return new Now(askedSeconds, "Setting effective cluster time: " + asked + "\n");
      }
      String recorded = cib.get("execution-date", "");
      if (recorded.isEmpty()) {
        return new Now(timeOfDay, "");
      }
      if (!recorded.matches("\\d{1,11}")) {
        throw CibException.at(
            cib, "execution-date=\"" + recorded + "\" is no number of seconds since 1970");
      }
      long seconds = Long.parseLong(recorded);
      LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
      return new Now(seconds, "Using the original execution date of: " + TIME.format(time) + "\n");
    }
  }

  /// The story, and what it was made from.
  ///
  /// @param view the same as data
  public record Story(
      String text, PlanView view, PlanRun.Result plan, Simulation.Result simulated) {}

  /// What is supposed.
  ///
  /// @param injections true before the plan is made
  /// @param failing operations that fail while it is executed
  public record WhatIf(List<Injection> injections, List<Failing> failing) {
    public static final WhatIf NOTHING = new WhatIf(List.of(), List.of());

    public WhatIf {
      injections = List.copyOf(injections);
      failing = List.copyOf(failing);
    }
  }

  /// Only the plan, with what is supposed.
  public static PlanRun.Result plan(Element cib, Now now, boolean wantScores, WhatIf whatIf) {
    return PlanRun.plan(supposed(Unpacker.unpack(cib, now.seconds), now, whatIf), wantScores);
  }

  /// The working set in which what is supposed is true.
  private static Cluster supposed(Cluster cluster, Now now, WhatIf whatIf) {
    return whatIf.injections().isEmpty()
        ? cluster
        : Unpacker.unpack(Injections.apply(cluster, whatIf.injections()), now.seconds);
  }

  /// Plans, executes the plan on a copy of the CIB, and tells it.
  public static Story of(Element cib, Now now, boolean wantScores, WhatIf whatIf) {
    StringBuilder text = new StringBuilder(now.line);
    Cluster before = Unpacker.unpack(cib, now.seconds);
    text.append(StatusText.counts(before));
    text.append("Current cluster status:\n").append(StatusText.of(before));
    if (!whatIf.injections().isEmpty()) {
      text.append("\nPerforming Requested Modifications:\n");
      whatIf.injections().forEach(i -> text.append("  * ").append(i.text()).append('\n'));
      before = supposed(before, now, whatIf);
    }
    PlanView view = PlanView.status(before);
    PlanRun.Result plan = PlanRun.plan(before, wantScores);
    text.append("\nTransition Summary:\n").append(SummaryText.of(plan.cluster()));
    Simulation.Result simulated = Simulation.run(plan.cluster(), plan.graph(), whatIf.failing());
    text.append("\nExecuting Cluster Transition:\n");
    simulated.lines().forEach(line -> text.append("  * ").append(line).append('\n'));
    text.append(now.line);
    Cluster after = Unpacker.unpack(simulated.cib(), now.seconds);
    text.append("\nRevised Cluster Status:\n").append(StatusText.settled(after));
    return new Story(
        text.toString(), view.planned(plan.cluster(), simulated.executed()), plan, simulated);
  }
}
