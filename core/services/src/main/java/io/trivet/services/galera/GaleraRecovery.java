package io.trivet.services.galera;

import io.trivet.cluster.state.AcceptedLoss;
import io.trivet.cluster.state.Recovery;
import io.trivet.services.galera.GaleraPosition.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Who may form a primary component when there is none (law 2). Pure; asked only when no member
/// that is here has one, and none is on its way to one.
///
/// In this order:
/// 1. A member that is here and runs, or whose position is being read: wait.
/// 2. A member that is here and of which nobody can tell how far it is: wait for an operator.
/// 3. Nobody has data and no component was ever seen: the first controller, if all are here. A
///    first start that broke off is begun anew so: a writer is named only when a component is seen,
///    so nobody's writes are lost.
/// 4. Two histories, or another one than the cluster had: wait for an operator.
/// 5. A member of the last primary component is missing, and may be further than the best one here:
///    wait for it or for an operator.
/// 6. A member that was not in the last component is further than those that were: two branches of
///    one history; wait for an operator.
/// 7. The member that is furthest, of those in the last component; among equals one whose
///    `grastate.dat` is whole, then the one that stopped last in order, then the first in the
///    cluster file.
///
/// Where it waits for an operator, and one has accepted exactly the loss that his choice costs now:
/// his choice. Where nothing has to be decided his word counts for nothing.
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
  /// @param accepted what an operator accepted, or null
  record Memory(
      @Nullable String history, List<String> lastPrimary, @Nullable AcceptedLoss accepted) {
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
    /// @param acceptable member from which an operator had best let it be recovered, or null if
    ///   there is nothing to choose from, or waiting ends by itself
    record Wait(String reason, @Nullable String acceptable) implements Decision {}
  }

  static Decision decide(List<Candidate> members, Memory memory) {
    Decision natural = natural(members, memory);
    AcceptedLoss accepted = memory.accepted();
    if (accepted == null || !(natural instanceof Decision.Wait w) || w.acceptable() == null) {
      return natural;
    }
    Recovery recovery = recovery(members, memory);
    return recovery != null && accepted.covers(recovery)
        ? new Decision.Bootstrap(
            accepted.node(),
            "an operator accepted that " + Recovery.loss(accepted.lost()) + " is lost")
        : natural;
  }

  /// What an operator can choose from, and at which price; null if there is nothing.
  static @Nullable Recovery recovery(List<Candidate> members, Memory memory) {
    TreeMap<String, List<String>> choices = new TreeMap<>();
    List<Candidate> here = members.stream().filter(Candidate::present).toList();
    for (Candidate c : able(here)) {
      choices.put(c.node(), lost(members, memory, c));
    }
    return choices.isEmpty() ? null : new Recovery(Recovery.START, choices);
  }

  /// Those with a copy, else those that are empty: where all copies are lost, it can only begin
  /// anew. Else anyone, of whom nobody can tell.
  private static List<Candidate> able(List<Candidate> here) {
    List<Candidate> known = here.stream().filter(c -> c.position().isKnown()).toList();
    List<Candidate> empty = here.stream().filter(c -> c.position().isEmpty()).toList();
    List<Candidate> able = known.isEmpty() ? empty : known;
    return (able.isEmpty() ? here : able).stream().filter(c -> !c.up()).toList();
  }

  /// Members that may hold writes which this one lacks.
  private static List<String> lost(List<Candidate> members, Memory memory, Candidate base) {
    List<String> lost = new ArrayList<>();
    for (Candidate c : members) {
      boolean uninvolved =
          !c.present()
              && !memory.lastPrimary().isEmpty()
              && !memory.lastPrimary().contains(c.node());
      if (!c.node().equals(base.node()) && !uninvolved && !contained(c, base)) {
        lost.add(c.node());
      }
    }
    return lost;
  }

  private static boolean contained(Candidate c, Candidate base) {
    boolean empty = c.present() && c.position().isEmpty();
    boolean behind =
        c.position().isKnown()
            && c.position().uuid().equals(base.position().uuid())
            && c.position().seqno() <= base.position().seqno();
    return !c.up() && (empty || behind);
  }

  private static Decision natural(List<Candidate> members, Memory memory) {
    List<Candidate> here = members.stream().filter(Candidate::present).toList();
    Decision unsettled = unsettled(here, memory);
    if (unsettled != null) {
      return unsettled;
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
    List<String> branches =
        known.stream()
            .filter(c -> c.position().seqno() > best.position().seqno())
            .map(Candidate::node)
            .toList();
    if (!branches.isEmpty()) {
      return new Decision.Wait(
          list(branches)
              + (branches.size() == 1 ? " is" : " are")
              + " further than "
              + best.node()
              + " (at "
              + best.position().seqno()
              + ") without having been in the last primary component: two branches of one history",
          best.node());
    }
    return new Decision.Bootstrap(best.node(), reason(best, known));
  }

  private static @Nullable Decision unsettled(List<Candidate> here, Memory memory) {
    for (Candidate c : here) {
      if (c.up()) {
        return new Decision.Wait(c.node() + " still runs, outside of a primary component", null);
      }
      if (c.position().kind() == Kind.UNKNOWN) {
        return new Decision.Wait("the position of " + c.node() + " is being read", null);
      }
    }
    List<Candidate> unreadable =
        here.stream().filter(c -> c.position().kind() == Kind.UNREADABLE).toList();
    if (unreadable.isEmpty()) {
      return null;
    }
    List<String> each = new ArrayList<>();
    for (Candidate c : unreadable) {
      each.add(c.node() + " (" + c.position().why() + ")");
    }
    return new Decision.Wait(
        "nobody can tell how far "
            + list(each)
            + (each.size() == 1 ? " is; it" : " are; they")
            + " may hold the newest writes, so mend what keeps "
            + (each.size() == 1 ? "it" : "them")
            + " from being read",
        best(able(here), memory).node());
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

  /// Those of the last component come first, however far others are: what others have beyond them
  /// was never acknowledged by it.
  private static Candidate best(List<Candidate> known, Memory memory) {
    Comparator<Candidate> order =
        Comparator.<Candidate>comparingInt(
                c -> c.position().uuid().equals(memory.history()) ? 1 : 0)
            .thenComparingInt(c -> memory.lastPrimary().contains(c.node()) ? 1 : 0)
            .thenComparingLong(c -> c.position().seqno())
            .thenComparingInt(c -> c.position().whole() ? 1 : 0)
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
