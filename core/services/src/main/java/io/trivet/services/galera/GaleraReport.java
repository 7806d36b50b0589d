package io.trivet.services.galera;

import io.trivet.cluster.state.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a node sees of its member, as facts in a [Report].
///
/// @param up true if its process runs, or may run
/// @param state Galera's word for it while it runs, e.g. `Synced`; else empty
/// @param primary true if it is in a primary component
/// @param uuid the history it runs in, empty if it does not run in one
/// @param view number of the component's membership that it sees: within one history the higher is
///   the newer; 0 if it sees none
/// @param members controllers in the component it sees; a stranger by its address
/// @param position how far its copy is while it does not run
public record GaleraReport(
    boolean up,
    String state,
    boolean primary,
    String uuid,
    long view,
    List<String> members,
    GaleraPosition position) {
  /// Fact of a member that answers, but has no connection left.
  static final String FULL = "full";

  /// Fact of a member that cannot write to its disk.
  static final String UNWRITABLE = "unwritable";

  /// Fact with the number of the component's membership; within one history the higher is newer.
  private static final String VIEW = "view";

  private static final String UP = "up";
  private static final String STATE = "state";
  private static final String PRIMARY = "primary";
  private static final String UUID = "uuid";
  private static final String MEMBERS = "members";
  private static final String POSITION = "position";
  private static final String SEQNO = "seqno";
  private static final String SAFE = "safe";
  private static final String DAMAGED = "damaged";
  private static final String WHY = "why";
  private static final String YES = "yes";

  public GaleraReport {
    members = List.copyOf(members);
  }

  /// A member that does not run.
  public static GaleraReport down(GaleraPosition position) {
    return new GaleraReport(false, "", false, "", 0, List.of(), position);
  }

  /// True if it runs and could not be asked what it is: nobody knows whether it is in a component.
  boolean mute() {
    return up && state.isEmpty();
  }

  /// True if it may take writes: in the primary component, and no copy of it is being made.
  public boolean synced() {
    return up && primary && state.equals("Synced");
  }

  /// As facts of a report.
  NavigableMap<String, String> facts() {
    TreeMap<String, String> facts = new TreeMap<>();
    if (up) {
      facts.put(UP, YES);
      if (!state.isEmpty()) {
        facts.put(STATE, state);
      }
      if (primary) {
        facts.put(PRIMARY, YES);
      }
      if (!uuid.isEmpty()) {
        facts.put(UUID, uuid);
      }
      if (view > 0) {
        facts.put(VIEW, Long.toString(view));
      }
      if (!members.isEmpty()) {
        facts.put(MEMBERS, String.join(" ", members));
      }
      return facts;
    }
    switch (position.kind()) {
      case UNKNOWN -> {}
      case UNREADABLE -> {
        facts.put(POSITION, "unreadable");
        facts.put(WHY, position.why());
      }
      case NONE -> facts.put(POSITION, "none");
      case INCOMPLETE -> facts.put(POSITION, "incomplete");
      case KNOWN -> {
        facts.put(POSITION, "known");
        facts.put(UUID, position.uuid());
        facts.put(SEQNO, Long.toString(position.seqno()));
        if (position.safe()) {
          facts.put(SAFE, YES);
        }
        if (!position.whole()) {
          facts.put(DAMAGED, YES);
        }
      }
    }
    return facts;
  }

  /// Reads a report. Facts that are not understood make a position unknown, which waits rather than
  /// decides.
  public static GaleraReport from(@Nullable Report report) {
    if (report == null) {
      return down(GaleraPosition.UNKNOWN);
    }
    NavigableMap<String, String> facts = report.facts();
    if (YES.equals(facts.get(UP))) {
      List<String> members = new ArrayList<>();
      for (String member : facts.getOrDefault(MEMBERS, "").split(" ")) {
        if (!member.isEmpty()) {
          members.add(member);
        }
      }
      return new GaleraReport(
          true,
          facts.getOrDefault(STATE, ""),
          YES.equals(facts.get(PRIMARY)),
          facts.getOrDefault(UUID, ""),
          Math.max(0, seqno(facts.getOrDefault(VIEW, ""))),
          members,
          GaleraPosition.UNKNOWN);
    }
    return down(position(facts));
  }

  private static GaleraPosition position(NavigableMap<String, String> facts) {
    return switch (facts.getOrDefault(POSITION, "")) {
      case "unreadable" -> GaleraPosition.unreadable(facts.getOrDefault(WHY, "no reason known"));
      case "none" -> GaleraPosition.NONE;
      case "incomplete" -> GaleraPosition.INCOMPLETE;
      case "known" -> {
        long seqno = seqno(facts.getOrDefault(SEQNO, ""));
        String uuid = facts.getOrDefault(UUID, "");
        if (seqno < 0 || uuid.isEmpty()) {
          yield GaleraPosition.UNKNOWN;
        }
        yield YES.equals(facts.get(DAMAGED))
            ? GaleraPosition.withoutFile(uuid, seqno)
            : GaleraPosition.known(uuid, seqno, YES.equals(facts.get(SAFE)));
      }
      default -> GaleraPosition.UNKNOWN;
    };
  }

  private static long seqno(String text) {
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return Long.parseLong(text);
  }
}
