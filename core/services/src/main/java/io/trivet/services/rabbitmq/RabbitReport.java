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
/// @param why why nobody can tell, a clause; empty unless [Data#UNREADABLE]
/// @param waits controllers for whose data it has waited long while it starts
public record RabbitReport(
    boolean up,
    Data data,
    List<String> members,
    List<String> running,
    String why,
    List<String> waits) {
  /// What is on disk.
  public enum Data {
    /// Not read yet.
    UNKNOWN,
    /// Nobody can tell. It may have what no other one has.
    UNREADABLE,
    /// There is none.
    NONE,
    /// It is a member of a cluster.
    MEMBER
  }

  /// Fact of a node that cannot write to its disk: why.
  static final String UNWRITABLE = "unwritable";

  /// Fact of a node that blocks those who publish: what it is short of.
  static final String SHORT_OF = "short-of";

  private static final String UP = "up";
  private static final String DATA = "data";
  private static final String MEMBERS = "members";
  private static final String RUNNING = "running";
  private static final String WHY = "why";
  private static final String WAITS = "waits";

  public RabbitReport {
    members = List.copyOf(members);
    running = List.copyOf(running);
    waits = List.copyOf(waits);
  }

  public RabbitReport(boolean up, Data data, List<String> members, List<String> running) {
    this(up, data, members, running, "", List.of());
  }

  /// A node of which nobody can tell what is on its disk.
  static RabbitReport unreadable(String why) {
    return new RabbitReport(false, Data.UNREADABLE, List.of(), List.of(), why, List.of());
  }

  NavigableMap<String, String> facts() {
    TreeMap<String, String> facts = new TreeMap<>();
    if (up) {
      facts.put(UP, "yes");
    }
    if (!waits.isEmpty()) {
      facts.put(WAITS, String.join(" ", waits));
    }
    switch (data) {
      case UNKNOWN -> {}
      case UNREADABLE -> {
        facts.put(DATA, "unreadable");
        facts.put(WHY, why);
      }
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
          case "unreadable" -> Data.UNREADABLE;
          default -> Data.UNKNOWN;
        };
    return new RabbitReport(
        "yes".equals(facts.get(UP)),
        data,
        names(facts.getOrDefault(MEMBERS, "")),
        names(facts.getOrDefault(RUNNING, "")),
        facts.getOrDefault(WHY, ""),
        names(facts.getOrDefault(WAITS, "")));
  }

  private static List<String> names(String text) {
    return Stream.of(text.split(" ")).filter(n -> !n.isEmpty()).toList();
  }
}
