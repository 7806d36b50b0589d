package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trivet.cluster.state.AcceptedLoss;
import io.trivet.services.galera.GaleraRecovery.Candidate;
import io.trivet.services.galera.GaleraRecovery.Decision;
import io.trivet.services.galera.GaleraRecovery.Memory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Decisions after an outage, one a line, each with what it protects.
///
/// A member is written `A120` (history A up to 120), `A120!` (and safe to bootstrap), `A120~` (its
/// grastate.dat is damaged), `none`, `copying` (no complete copy), `?` (being read), `bad`
/// (unreadable), `runs`; in brackets when it is missing, e.g. `(A90)`, `(runs)`.
class GaleraRecoveryTest {
  private static final String A = "aaaaaaaa-e6d3-11f1-b417-2ff868496a8c";
  private static final String B = "bbbbbbbb-e6d3-11f1-b417-2ff868496a8c";

  @ParameterizedTest(name = "{0} | {1} {2} {3} | last {5}, history {4}, accepted {6} -> {7}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          first start of an empty cluster              | none  | none    | none   | - | -        | -  | bootstrap c1
          empty, but one is not here: may hold data    | none  | none    | (none) | - | -        | -  | wait, acceptable c1
          the first start broke off before anything   | none  | none    | none   | - | c1       | -  | bootstrap c1
          the same, but it had begun to make files     | none  | copying | none   | - | c2       | -  | bootstrap c1
          the same, and it had formed, unseen          | none  | A0      | none   | - | c2       | -  | bootstrap c2
          the same, and it is missing: may have formed | none  | (runs)  | none   | - | c2       | -  | wait, acceptable c1
          the same, it was empty when it went          | none  | (none)  | none   | - | c2       | -  | wait, acceptable c1
          the same, another one is missing             | none  | none    | (none) | - | c2       | -  | wait, acceptable c1
          a component was seen: there was data         | none  | none    | none   | A | c1       | -  | wait, acceptable c1
          empty but for one: it is the one with data   | none  | A5      | none   | - | -        | -  | bootstrap c2
          all were killed: the last write decides      | A118  | A120    | A119   | A | c1 c2 c3 | -  | bootstrap c2
          all stopped in order at the same write       | A120  | A120    | A120   | A | c1 c2 c3 | -  | bootstrap c1
          equal, one stopped last in order             | A120  | A120!   | A120   | A | c1 c2 c3 | -  | bootstrap c2
          safe to bootstrap but behind: writes decide  | A100! | A120    | A120   | A | c1 c2 c3 | -  | bootstrap c2
          equal, one left the component earlier        | A120  | A120    | A120   | A | c2 c3    | -  | bootstrap c2
          last component of one, and it is here        | A90   | A120    | A90    | A | c2       | -  | bootstrap c2
          law 2: a missing one may be ahead            | A120  | A120    | (runs) | A | c1 c2 c3 | -  | wait, acceptable c1
          law 2: the last one alone is missing         | A90   | A90     | (runs) | A | c3       | -  | wait, acceptable c1
          a missing one had left before: no matter     | A120  | A121    | (runs) | A | c1 c2    | -  | bootstrap c2
          a missing one is known to be behind          | A120  | A121    | (A119) | A | c1 c2 c3 | -  | bootstrap c2
          a missing one stopped in order, further on   | A120  | A121    | (A130) | A | c1 c2 c3 | -  | wait, acceptable c2
          a missing one has nothing we know of         | A120  | A121    | (?)    | A | c1 c2 c3 | -  | wait, acceptable c2
          nothing remembered: all must be here         | A120  | A121    | (?)    | - | -        | -  | wait, acceptable c2
          nothing remembered, all here: take over      | A120  | A121    | A5     | - | -        | -  | bootstrap c2
          two histories                                | A120  | B7      | A120   | A | c1 c2 c3 | -  | wait, acceptable c1
          two histories, none remembered               | A120  | B700    | A120   | - | -        | -  | wait, acceptable c2
          all have another history than the cluster    | B5    | B5      | B5     | A | c1 c2 c3 | -  | wait, acceptable c1
          still reading                                | A120  | ?       | A120   | A | c1 c2 c3 | -  | wait
          unreadable                                   | A120  | bad     | A120   | A | c1 c2 c3 | -  | wait, acceptable c1
          unreadable: the best of the others           | A120  | bad     | A121   | A | c1 c2 c3 | -  | wait, acceptable c3
          unreadable, and nobody else has data         | none  | bad     | none   | A | c1 c2 c3 | -  | wait, acceptable c1
          unreadable, and it is not known who has data | A120  | bad     | A120   | - | -        | -  | wait, acceptable c1
          all unreadable                               | bad   | bad     | bad    | A | c1 c2 c3 | -  | wait, acceptable c1
          equal, one with a damaged grastate.dat       | A120~ | A120    | A120   | A | c1 c2 c3 | -  | bootstrap c2
          damaged grastate.dat, but further            | A121~ | A120    | A120   | A | c1 c2 c3 | -  | bootstrap c1
          further, but not of the last component       | A130  | A120    | A90    | A | c2       | -  | wait, acceptable c2
          one still runs outside of a component        | A120  | runs    | A120   | A | c1 c2 c3 | -  | wait
          a copy was being made when power went        | A120  | A120    | copying| A | c1 c2 c3 | -  | bootstrap c1
          the last component came back with no disks   | A90   | none    | A80    | A | c2       | -  | wait, acceptable c1
          there was data, nobody has it                | none  | copying | none   | A | c2       | -  | wait, acceptable c1
          operator: go on without the missing one      | A120  | A121    | (runs) | A | c1 c2 c3 | c2 | bootstrap c2
          operator: no going back where all is clear   | A120  | A121    | A121   | A | c1 c2 c3 | c1 | bootstrap c2
          operator: an older copy than the best one    | A120  | A121    | (runs) | A | c1 c2 c3 | c1 | bootstrap c1
          operator: but more would be lost than he said| A120  | A121    | (runs) | A | c1 c2 c3 | c1-c3 | wait, acceptable c2
          operator: exactly what he said               | A120  | A121    | (runs) | A | c1 c2 c3 | c2-c3 | bootstrap c2
          operator: go on without the unreadable one   | A120  | A121    | bad    | A | c1 c2 c3 | c2-c3 | bootstrap c2
          operator: start empty, the data is unreadable| none  | bad     | none   | A | c1 c2 c3 | c1-c2 | bootstrap c1
          operator: this history and not the other     | A120  | B7      | A120   | A | c1 c2 c3 | c2 | bootstrap c2
          operator: the disks are lost, start empty    | none  | none    | (runs) | A | c3       | c1 | bootstrap c1
          operator named one without a copy            | none  | A121    | (runs) | A | c1 c2 c3 | c1 | wait, acceptable c2
          operator named one that is not here          | A120  | A121    | (runs) | A | c1 c2 c3 | c3 | wait, acceptable c2
          operator, but one still runs                 | A120  | runs    | (runs) | A | c1 c2 c3 | c1 | wait
          nobody is here                               | (A1)  | (A1)    | (A1)   | A | c1 c2 c3 | -  | wait
          """)
  void decides(
      String what,
      String c1,
      String c2,
      String c3,
      String history,
      String last,
      String accepted,
      String expected) {
    List<Candidate> members =
        List.of(candidate("c1", c1), candidate("c2", c2), candidate("c3", c3));
    Memory memory =
        new Memory(
            history.equals("-") ? null : history.equals("A") ? A : B,
            last.equals("-") ? List.of() : List.of(last.split(" ")),
            accepted.equals("-") ? null : accepted(accepted));
    assertEquals(expected, told(GaleraRecovery.decide(members, memory)), what);
  }

  /// `c1-c2,c3`: c1, at the price of c2 and c3; `c1`: at any price.
  private static AcceptedLoss accepted(String text) {
    String node = text.substring(0, 2);
    List<String> others = List.of("c1", "c2", "c3").stream().filter(n -> !n.equals(node)).toList();
    return new AcceptedLoss(
        node, text.length() == 2 ? others : List.of(text.substring(3).split(",")), 9, 9, "admin");
  }

  private static String told(Decision decision) {
    return switch (decision) {
      case Decision.Bootstrap b -> "bootstrap " + b.node();
      case Decision.Wait w ->
          w.acceptable() == null ? "wait" : "wait, acceptable " + w.acceptable();
    };
  }

  private static Candidate candidate(String node, String text) {
    boolean present = !text.startsWith("(");
    String is = present ? text : text.substring(1, text.length() - 1);
    return new Candidate(node, present, is.equals("runs"), position(is));
  }

  private static GaleraPosition position(String is) {
    return switch (is) {
      case "none" -> GaleraPosition.NONE;
      case "copying" -> GaleraPosition.INCOMPLETE;
      case "bad" -> GaleraPosition.unreadable("EIO");
      case "?", "runs" -> GaleraPosition.UNKNOWN;
      default -> {
        boolean safe = is.endsWith("!");
        boolean damaged = is.endsWith("~");
        long seqno = Long.parseLong(is.substring(1, is.length() - (safe || damaged ? 1 : 0)));
        String uuid = is.charAt(0) == 'A' ? A : B;
        yield damaged
            ? GaleraPosition.withoutFile(uuid, seqno)
            : GaleraPosition.known(uuid, seqno, safe);
      }
    };
  }
}
