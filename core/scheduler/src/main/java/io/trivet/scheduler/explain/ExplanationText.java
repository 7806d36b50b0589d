package io.trivet.scheduler.explain;

import io.trivet.scheduler.explain.Explanation.Cause;
import io.trivet.scheduler.explain.Explanation.Place;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.story.Because;
import java.util.ArrayList;
import java.util.List;

/// An explanation as an operator reads it.
public final class ExplanationText {
  private static final int MOST_WAITS = 6;

  private ExplanationText() {}

  /// All of them, with an empty line between; those that differ in nothing but their name, such as
  /// the instances of a clone that no node is left for, are told once.
  public static String of(List<Explanation> explanations, String file) {
    List<String> told = new ArrayList<>();
    int next = 0;
    while (next < explanations.size()) {
      Explanation first = explanations.get(next++);
      List<String> alike = new ArrayList<>();
      while (next < explanations.size() && alike(first, explanations.get(next))) {
        alike.add(explanations.get(next++).resource());
      }
      String also = alike.isEmpty() ? "" : "The same holds for " + String.join(", ", alike) + ".\n";
      told.add(of(first, file) + also);
    }
    return String.join("\n", told);
  }

  private static boolean alike(Explanation a, Explanation b) {
    return a.places().equals(b.places())
        && a.actions().equals(b.actions())
        && a.moves().equals(b.moves())
        && a.summary().replace(a.resource(), "").equals(b.summary().replace(b.resource(), ""));
  }

  /// Several lines, each with its end.
  ///
  /// @param file the name that lines are told with, such as `cib.xml`; empty where there is none
  public static String of(Explanation explanation, String file) {
    StringBuilder text = new StringBuilder(explanation.summary()).append('\n');
    int width = explanation.places().stream().mapToInt(p -> p.node().length()).max().orElse(0);
    for (Place place : explanation.places()) {
      text.append("  ").append(place.node()).repeat(' ', width - place.node().length());
      String score = score(place);
      text.append("  ").repeat(' ', Math.max(0, 8 - score.length())).append(score).append("  ");
      text.append(String.join("; ", reasons(place, file))).append('\n');
    }
    for (Explanation.Step step : explanation.actions()) {
      text.append("  ").append(step.what());
      text.append(step.why() == null ? "" : " (" + Because.clause(step.why()) + ")");
      text.append(step.waitsFor().isEmpty() ? "" : ", after " + first(step.waitsFor()));
      text.append('\n');
    }
    explanation.moves().forEach(m -> text.append(m).append('\n'));
    return text.toString();
  }

  /// A screen's worth of them.
  private static String first(List<String> waits) {
    int shown = waits.size() <= MOST_WAITS ? waits.size() : MOST_WAITS - 1;
    int rest = waits.size() - shown;
    return String.join(", ", waits.subList(0, shown)) + (rest == 0 ? "" : " and " + rest + " more");
  }

  private static String score(Place place) {
    if (place.never() != null) {
      return "never";
    }
    return place.score() == null ? "-" : Scores.text(place.score());
  }

  private static List<String> reasons(Place place, String file) {
    List<String> reasons = new ArrayList<>();
    if (place.chosen()) {
      reasons.add("chosen");
    }
    if (place.never() != null) {
      reasons.add(cause(place.never(), file));
      return reasons;
    }
    place.causes().forEach(c -> reasons.add(cause(c, file)));
    if (reasons.isEmpty()) {
      reasons.add("nothing speaks for or against it");
    }
    return reasons;
  }

  private static String cause(Cause cause, String file) {
    Integer change = cause.change();
    String by = "";
    if (change != null && change != 0) {
      by = (change > 0 ? " +" : " ") + Scores.text(change);
    }
    String where = "";
    if (!cause.id().isEmpty()) {
      String line =
          cause.line() > 0 ? (file.isEmpty() ? ", line " : ", " + file + ":") + cause.line() : "";
      where = " (" + cause.id() + line + ")";
    }
    return cause.what() + by + where;
  }
}
