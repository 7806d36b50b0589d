package io.trivet.scheduler.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The recorded decisions are reproduced: no case that passed fails again, and as many pass as was
/// asked for. Where the recorded cases are not, all of it is skipped.
final class ConformanceTest {
  private static final String LIST = "/conformance/passing.tsv";

  /// Parts of the whole that have to be the same, in percent.
  private static final Map<Part, Double> FLOORS =
      Map.of(Part.SUMMARY, 95.0, Part.ACTIONS, 92.0, Part.REVISED, 95.0, Part.WHOLE, 85.0);

  private static List<Outcome> outcomes = List.of();

  @BeforeAll
  static void run() {
    Path folder = Case.folder();
    assumeTrue(
        folder != null, "There are no recorded cases here; -D" + Case.PROPERTY + " names theirs");
    outcomes = Table.run(Case.all(folder));
  }

  @Test
  void floorsHold() {
    List<String> below = new ArrayList<>();
    FLOORS.forEach(
        (part, floor) -> {
          long same = outcomes.stream().filter(o -> o.same.contains(part)).count();
          double percent = 100.0 * same / outcomes.size();
          if (percent < floor) {
            below.add(part.label() + ": " + percent + " %, not " + floor + " %");
          }
        });
    assertEquals(List.of(), below);
  }

  /// Snapshots of real OpenStack controllers: each is decided as it was recorded.
  @Test
  void everyControllerIsDecidedAsRecorded() {
    Set<Part> decisions = EnumSet.of(Part.SUMMARY, Part.ACTIONS, Part.REVISED);
    List<String> other = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome.of.input().contains("galera") && !outcome.same.containsAll(decisions)) {
        other.add(Table.passing(outcome));
      }
    }
    assertEquals(List.of(), other);
  }

  /// The list of what passes may only grow: nothing on it fails. What passes and is not on it yet
  /// is told.
  @Test
  void whatPassedPassesStill() throws IOException {
    Map<String, String> listed = listed();
    List<String> worse = new ArrayList<>();
    List<String> better = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      String line = listed.getOrDefault(outcome.of.name(), "");
      for (Part part : Part.values()) {
        boolean was = List.of(line.split(",", -1)).contains(part.label());
        boolean is = outcome.same.contains(part);
        if (was != is) {
          (was ? worse : better).add(outcome.of.name() + " " + part.label());
        }
      }
    }
    assertEquals(List.of(), worse, "passed before");
    if (!better.isEmpty()) {
      System.out.println(
          "Write down with ./trivet conformance --passing what passes now: " + better);
    }
  }

  /// The cases of the list, each with its parts.
  static Map<String, String> listed() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    try (InputStream list = ConformanceTest.class.getResourceAsStream(LIST)) {
      assertTrue(list != null, LIST);
      for (String line : new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        String[] fields = line.split("\t", -1);
        listed.put(fields[0], fields.length > 1 ? fields[1] : "");
      }
    }
    return listed;
  }
}
