package io.trivet.services.galera;

import io.trivet.services.galera.GaleraPosition.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may form a primary component when there is none (law 2). Pure; asked only when no member
/// that is here has one, and none is on its way to one.
///
/// In this order:
/// 1. A member that is here and runs, or whose position is not known: wait.
/// 2. An operator named a member to recover from: that one.
/// 3. Nobody has data and no component was ever seen: the first controller, if all are here. A
///    first start that broke off is begun anew so: a writer is named only when a component is seen,
///    so nobody's writes are lost.
/// 4. Two histories, or another one than the cluster had: wait for an operator.
/// 5. A member of the last primary component is missing, and may be further than the best one here:
///    wait for it or for an operator.
/// 6. The member that is furthest; among equals one of the last component, then the one that
///    stopped last in order, then the first in the cluster file.
final class GaleraRecovery {
  private GaleraRecovery() {}

  /// A member as the leader knows it.
  ///
  /// @param present true if it is here
  /// @param up true if its process runs, as far as is known
  /// @param position how far its copy is; of a missing member only if nothing can have started it
  ///   since it was reported
  record Candidate(String node, boolean present, boolean up, GaleraPosition position) {}

  /// What is remembered from before.
  ///
  /// @param history uuid of the history that the cluster had, or null if it never had one
  /// @param lastPrimary members that may have been in the last primary component
  /// @param accepted member from which an operator lets it be recovered, or null
  record Memory(@Nullable String history, List<String> lastPrimary, @Nullable String accepted) {
    Memory {
      lastPrimary = List.copyOf(lastPrimary);
    }
  }

  /// What follows.
  sealed interface Decision {
    /// This member forms the component.
    record Bootstrap(String node, String reason) implements Decision {}

    /// Nobody does.
    ///
    /// @param acceptable member from which an operator may let it be recovered, or null if waiting
    ///   ends by itself
    record Wait(String reason, @Nullable String acceptable) implements Decision {}
  }

  static Decision decide(List<Candidate> members, Memory memory) {
    List<Candidate> here = members.stream().filter(Candidate::present).toList();
    Decision unsettled = unsettled(here, memory);
    if (unsettled != null) {
      return unsettled;
    }
    if (memory.accepted() != null) {
      return accepted(here, memory.accepted());
    }
    List<Candidate> known = here.stream().filter(c -> c.position().isKnown()).toList();
    if (known.isEmpty()) {
      return withoutData(members, here, memory);
    }
    Candidate best = best(known, memory);
    Decision histories = histories(known, best, memory);
    if (histories != null) {
      return histories;
    }
    List<String> ahead = mayBeAhead(members, best, memory);
    if (!ahead.isEmpty()) {
      return new Decision.Wait(
          list(ahead)
              + " may hold newer writes than "
              + best.node()
              + " (at "
              + best.position().seqno()
              + "): "
              + (ahead.size() == 1 ? "it was" : "they were")
              + " in the last primary component and "
              + (ahead.size() == 1 ? "is" : "are")
              + " missing; bring "
              + (ahead.size() == 1 ? "it" : "them")
              + " back, and give those writes up only if that cannot be",
          best.node());
    }
    List<Candidate> lastHere =
        known.stream().filter(c -> memory.lastPrimary().contains(c.node())).toList();
    if (!memory.lastPrimary().isEmpty() && lastHere.isEmpty()) {
      return new Decision.Wait(
          "the last primary component was on "
              + list(memory.lastPrimary())
              + ", which came back without a copy; "
              + best.node()
              + " has an older one",
          best.node());
    }
    return new Decision.Bootstrap(best.node(), reason(best, known));
  }

  private static @Nullable Decision unsettled(List<Candidate> here, Memory memory) {
    for (Candidate c : here) {
      if (c.up()) {
        return new Decision.Wait(c.node() + " still runs, outside of a primary component", null);
      }
      Kind kind = c.position().kind();
      if (kind == Kind.UNKNOWN) {
        return new Decision.Wait("the position of " + c.node() + " is being read", null);
      }
      if (kind == Kind.UNREADABLE && memory.accepted() == null) {
        String other =
            here.stream()
                .filter(o -> o.position().isKnown())
                .map(Candidate::node)
                .findFirst()
                .orElse(null);
        return new Decision.Wait("the position of " + c.node() + " cannot be read", other);
      }
    }
    return null;
  }

  private static Decision accepted(List<Candidate> here, String accepted) {
    Candidate chosen =
        here.stream().filter(c -> c.node().equals(accepted)).findFirst().orElse(null);
    if (chosen == null) {
      return new Decision.Wait(
          "an operator wants it recovered from " + accepted + ", which is not here", null);
    }
    Candidate other = here.stream().filter(c -> c.position().isKnown()).findFirst().orElse(null);
    if (!chosen.position().isKnown() && other != null) {
      return new Decision.Wait(
          accepted + " has no complete copy, although an operator named it", other.node());
    }
    return new Decision.Bootstrap(
        accepted, "an operator accepted that writes which only others have are lost");
  }

  private static Decision withoutData(
      List<Candidate> members, List<Candidate> here, Memory memory) {
    if (here.isEmpty()) {
      return new Decision.Wait("no controller that has a copy is here", null);
    }
    String first = here.getFirst().node();
    if (memory.history() != null) {
      return new Decision.Wait(
          "there was data, but no controller that is here has a complete copy", first);
    }
    List<String> missing = members.stream().filter(c -> !c.present()).map(Candidate::node).toList();
    if (!missing.isEmpty()) {
      return new Decision.Wait(
          "nobody here has data, but "
              + list(missing)
              + " may: the first start needs all controllers",
          first);
    }
    return new Decision.Bootstrap(
        first,
        memory.lastPrimary().isEmpty()
            ? "no controller has data yet, this is the first start"
            : "no controller has data yet, and the first start broke off before the database ran");
  }

  private static @Nullable Decision histories(
      List<Candidate> known, Candidate best, Memory memory) {
    String first = known.getFirst().position().uuid();
    boolean one = known.stream().allMatch(c -> c.position().uuid().equals(first));
    if (one && (memory.history() == null || memory.history().equals(first))) {
      return null;
    }
    List<String> each = new ArrayList<>();
    for (Candidate c : known) {
      each.add(c.node() + " has " + brief(c.position().uuid()) + " up to " + c.position().seqno());
    }
    String had = one ? ", and the cluster had " + brief(memory.history()) : "";
    return new Decision.Wait("there are two histories: " + list(each) + had, best.node());
  }

  /// Those missing members that can be further than the best one that is here.
  private static List<String> mayBeAhead(List<Candidate> members, Candidate best, Memory memory) {
    List<String> ahead = new ArrayList<>();
    for (Candidate c : members) {
      boolean counts = memory.lastPrimary().isEmpty() || memory.lastPrimary().contains(c.node());
      if (c.present() || !counts) {
        continue;
      }
      GaleraPosition position = c.position();
      boolean behind =
          !c.up()
              && position.isKnown()
              && position.uuid().equals(best.position().uuid())
              && position.seqno() <= best.position().seqno();
      if (!behind) {
        ahead.add(c.node());
      }
    }
    return ahead;
  }

  private static Candidate best(List<Candidate> known, Memory memory) {
    Comparator<Candidate> order =
        Comparator.<Candidate>comparingInt(
                c -> c.position().uuid().equals(memory.history()) ? 1 : 0)
            .thenComparingLong(c -> c.position().seqno())
            .thenComparingInt(c -> memory.lastPrimary().contains(c.node()) ? 1 : 0)
            .thenComparingInt(c -> c.position().safe() ? 1 : 0);
    Candidate best = known.getFirst();
    for (Candidate c : known) {
      if (order.compare(c, best) > 0) {
        best = c;
      }
    }
    return best;
  }

  private static String reason(Candidate best, List<Candidate> known) {
    long seqno = best.position().seqno();
    List<String> equal =
        known.stream()
            .filter(c -> c.position().seqno() == seqno && !c.node().equals(best.node()))
            .map(Candidate::node)
            .toList();
    return "nobody has a primary component, and its copy has the last write ("
        + seqno
        + " of history "
        + brief(best.position().uuid())
        + ")"
        + (equal.isEmpty() ? "" : ", as " + list(equal) + (equal.size() == 1 ? " has" : " have"));
  }

  private static String brief(@Nullable String uuid) {
    return uuid == null || uuid.length() < 8 ? "none" : uuid.substring(0, 8);
  }

  static String list(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }
}
