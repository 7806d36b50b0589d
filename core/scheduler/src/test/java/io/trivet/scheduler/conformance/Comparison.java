package io.trivet.scheduler.conformance;

import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.simulate.PacemakerText;
import io.trivet.scheduler.simulate.Simulation;
import io.trivet.scheduler.text.StatusText;
import io.trivet.scheduler.text.SummaryText;
import io.trivet.scheduler.unpack.Unpacker;
import java.util.List;
import java.util.stream.Collectors;

/// Runs a case and compares everything that comes out of it, part by part: what the first parts
/// gave counts where a later one fails.
final class Comparison {
  private static final String CURRENT = "Current cluster status";
  private static final String SUMMARY = "Transition Summary";
  private static final String EXECUTED = "Executing Cluster Transition";
  private static final String REVISED = "Revised Cluster Status";

  private final Case recorded;
  private final Outcome outcome;
  private final String wanted;

  private Comparison(Case recorded) {
    this.recorded = recorded;
    this.outcome = new Outcome(recorded);
    this.wanted = recorded.summary();
  }

  static Outcome of(Case recorded) {
    Comparison comparison = new Comparison(recorded);
    try {
      comparison.run();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      comparison.outcome.error = e;
    }
    return comparison.outcome;
  }

  private void run() {
    Element cib = CibReader.read(recorded.name(), recorded.input());
    long timeOfDay = System.currentTimeMillis() / 1000;
    String asked = recorded.at().isEmpty() ? null : recorded.at();
    PacemakerText.Now now = PacemakerText.Now.of(cib, asked, recorded.effectiveTime(), timeOfDay);

    Cluster before = Unpacker.unpack(cib, now.seconds());
    compare(Part.CURRENT, CURRENT, section(StatusText.of(before)));
    PlanRun.Result plan = PlanRun.plan(before, true);
    List<String> scoreLog = before.scoreLog == null ? List.of() : before.scoreLog;
    outcome.compare(
        Part.SCORES,
        recorded.scores(),
        sorted(scoreLog.stream().collect(Collectors.joining("\n"))));
    RecordedGraph graph = RecordedGraph.parse(recorded.graph());
    RecordedGraph found = RecordedGraph.of(plan.graph());
    outcome.compare(Part.GRAPH, graph.byName(), found.byName());
    String summary = folded(SummaryText.of(before));
    outcome.compare(Part.SUMMARY, folded(Case.section(wanted, SUMMARY)), summary);
    Simulation.Result simulated = Simulation.run(before, plan.graph(), List.of());
    outcome.compare(
        Part.ACTIONS,
        sorted(folded(Case.section(wanted, EXECUTED))),
        sorted(
            folded(
                simulated.lines().stream()
                    .map(l -> "  * " + l)
                    .collect(Collectors.joining("\n")))));
    if (graph.allows(simulated.executed())) {
      outcome.same.add(Part.ORDER);
    }
    outcome.texts.put(Part.ORDER, new Outcome.Texts(graph.inOrder(), found.inOrder()));
    Cluster after = Unpacker.unpack(simulated.cib(), now.seconds());
    compare(Part.REVISED, REVISED, section(StatusText.settled(after)));
    Element again = CibReader.read(recorded.name(), recorded.input());
    String whole = PacemakerText.of(again, now, false, PacemakerText.WhatIf.NOTHING).text();
    outcome.compare(Part.WHOLE, wanted, whole);
  }

  private void compare(Part part, String heading, String found) {
    outcome.compare(part, Case.section(wanted, heading), found);
  }

  private static String section(String text) {
    return text.lines().filter(l -> !l.isEmpty()).map(l -> l + "\n").collect(Collectors.joining());
  }

  private static String folded(String text) {
    return text.lines()
        .map(l -> l.strip().replaceAll("\\s+", " ") + "\n")
        .collect(Collectors.joining());
  }

  private static String sorted(String text) {
    return text.lines().sorted().map(l -> l + "\n").collect(Collectors.joining());
  }
}
