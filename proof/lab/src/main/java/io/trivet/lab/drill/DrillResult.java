package io.trivet.lab.drill;

import io.trivet.lab.observe.Percentiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Some runs of one fault.
///
/// @param fault its word
/// @param at when the last run ended, ISO 8601
/// @param timing the profile that was in force: fast, standard or patient
/// @param machine what it was measured on
/// @param runs in their order
public record DrillResult(
    String fault, String at, String timing, String machine, List<DrillRun> runs) {

  /// The measured columns, in the order of reports.
  public enum Column {
    OUTAGE("outageMs"),
    TWO_HOLDERS("twoHoldersMs"),
    API("apiMs"),
    RECOVERED("recoveredMs");

    private final String word;

    Column(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    public long of(DrillRun run) {
      return switch (this) {
        case OUTAGE -> run.outageMs();
        case TWO_HOLDERS -> run.twoHoldersMs();
        case API -> run.apiMs();
        case RECOVERED -> run.recoveredMs();
      };
    }
  }

  /// A result that was kept before the timing was: all those were measured with `fast`.
  @SuppressWarnings("ConstantValue") // Of JSON without it.
  public DrillResult {
    timing = Objects.requireNonNullElse(timing, "fast");
    runs = List.copyOf(runs);
  }

  /// p50, p99 and the worst of a column. There must be a run.
  public Percentiles percentiles(Column column) {
    return Percentiles.of(runs.stream().map(column::of).toList());
  }

  /// As a table for people: a line a run, then the percentiles.
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("run      outageMs  twoHoldersMs     apiMs  recoveredMs  holder");
    for (int i = 0; i < runs.size(); i++) {
      DrillRun run = runs.get(i);
      lines.add(
          line(Integer.toString(i + 1), run.outageMs(), run.twoHoldersMs(), run.apiMs())
              + String.format(
                  Locale.ROOT,
                  "%13d  %s → %s",
                  run.recoveredMs(),
                  run.holder(),
                  run.holderAfter()));
    }
    if (!runs.isEmpty()) {
      summary().forEach((name, values) -> lines.add(summaryLine(name, values)));
    }
    return lines;
  }

  /// `p50`, `p99` and `max`, each by column.
  public Map<String, Map<String, Long>> summary() {
    Map<String, Map<String, Long>> summary = new LinkedHashMap<>();
    for (String name : List.of("p50", "p99", "max")) {
      Map<String, Long> values = new LinkedHashMap<>();
      for (Column column : Column.values()) {
        Percentiles percentiles = percentiles(column);
        values.put(
            column.word(),
            switch (name) {
              case "p50" -> percentiles.p50();
              case "p99" -> percentiles.p99();
              default -> percentiles.max();
            });
      }
      summary.put(name, values);
    }
    return summary;
  }

  private static String summaryLine(String name, Map<String, Long> values) {
    List<Long> all = List.copyOf(values.values());
    return line(name, all.get(0), all.get(1), all.get(2))
        + String.format(Locale.ROOT, "%13d", all.get(3));
  }

  private static String line(String name, long outage, long twoHolders, long api) {
    return String.format(Locale.ROOT, "%-6s %10d %13d %9d", name, outage, twoHolders, api);
  }
}
