package io.trivet.services.rabbitmq;

import io.trivet.cluster.state.Report;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a controller sees of its node of the broker, as facts in a [Report].
///
/// @param up true if its process runs, or may run
/// @param data what is on its disk
/// @param members controllers in the cluster that it belongs to; empty without data
/// @param running those of them that ran when it looked last
public record RabbitReport(boolean up, Data data, List<String> members, List<String> running) {
  /// What is on disk.
  public enum Data {
    /// Not read yet, or not readable.
    UNKNOWN,
    /// It was never in a cluster.
    NONE,
    /// It is a member of a cluster.
    MEMBER
  }

  private static final String UP = "up";
  private static final String DATA = "data";
  private static final String MEMBERS = "members";
  private static final String RUNNING = "running";

  public RabbitReport {
    members = List.copyOf(members);
    running = List.copyOf(running);
  }

  NavigableMap<String, String> facts() {
    TreeMap<String, String> facts = new TreeMap<>();
    if (up) {
      facts.put(UP, "yes");
    }
    switch (data) {
      case UNKNOWN -> {}
      case NONE -> facts.put(DATA, "none");
      case MEMBER -> {
        facts.put(DATA, "member");
        facts.put(MEMBERS, String.join(" ", members));
        facts.put(RUNNING, String.join(" ", running));
      }
    }
    return facts;
  }

  public static RabbitReport from(@Nullable Report report) {
    if (report == null) {
      return new RabbitReport(false, Data.UNKNOWN, List.of(), List.of());
    }
    NavigableMap<String, String> facts = report.facts();
    Data data =
        switch (facts.getOrDefault(DATA, "")) {
          case "none" -> Data.NONE;
          case "member" -> Data.MEMBER;
          default -> Data.UNKNOWN;
        };
    return new RabbitReport(
        "yes".equals(facts.get(UP)),
        data,
        names(facts.getOrDefault(MEMBERS, "")),
        names(facts.getOrDefault(RUNNING, "")));
  }

  private static List<String> names(String text) {
    return Stream.of(text.split(" ")).filter(n -> !n.isEmpty()).toList();
  }
}
