package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.OnDisk;
import io.trivet.services.galera.GaleraCopy.Stage;
import io.trivet.services.galera.GaleraRecovery.Candidate;
import io.trivet.services.galera.GaleraRecovery.Decision;
import io.trivet.services.galera.GaleraRecovery.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Law 2 on the truth, not on reports: what the members really have is made first, each look at a
/// disk may fail in each of its ways, and whoever is chosen without an operator must really have
/// every acknowledged write.
class TruthTest {
  private static final String A = "aaaaaaaa-e6d3-11f1-b417-2ff868496a8c";
  private static final List<String> NODES = List.of("c1", "c2", "c3", "c4", "c5");
  private static final OnDisk<List<String>> TABLES =
      new OnDisk.There<>(List.of("ibdata1", "mysql"));

  /// What a member has.
  ///
  /// @param seqno its last write; -1 = it never had any
  /// @param last true if it was in the last primary component
  private record Truth(String node, long seqno, boolean last) {}

  /// How a look at its disk goes wrong.
  private enum Fault {
    NONE,
    FILE_UNREADABLE,
    FOLDER_UNREADABLE,
    NOT_MOUNTED_EMPTY,
    NOT_MOUNTED_FRESH,
    FILE_GONE,
    FILE_DAMAGED,
    FILE_EMPTY,
    TABLES_GONE,
    TOOL_FAILS,
    TOOL_TALKS_NONSENSE,
    TOOL_FINDS_NOTHING,
    TOOL_FINDS_ANOTHER,
    DISK_HANGS,
    STILL_READING
  }

  @Test
  void whoeverIsChosenHasEveryAcknowledgedWrite() {
    int chosen = 0;
    int waited = 0;
    for (int seed = 0; seed < 40_000; seed++) {
      Random random = new Random(seed);
      List<Truth> truth = truth(random);
      boolean logLost = random.nextInt(8) == 0;
      List<Candidate> members = new ArrayList<>();
      for (Truth one : truth) {
        members.add(candidate(one, random, logLost));
      }
      boolean ever = truth.stream().anyMatch(t -> t.seqno >= 0);
      List<String> last = truth.stream().filter(Truth::last).map(Truth::node).toList();
      Memory memory =
          logLost || !ever ? new Memory(null, List.of(), null) : new Memory(A, last, null);
      switch (GaleraRecovery.decide(members, memory)) {
        case Decision.Wait _ -> waited++;
        case Decision.Bootstrap b -> {
          chosen++;
          long has = has(truth, b.node());
          long acknowledged =
              truth.stream().filter(Truth::last).mapToLong(Truth::seqno).max().orElse(-1);
          assertTrue(has >= acknowledged, "seed " + seed + ": " + b + " of " + truth + members);
        }
      }
    }
    assertTrue(chosen > 2_000 && waited > 2_000, chosen + " chosen, " + waited + " waited");
  }

  private static long has(List<Truth> truth, String node) {
    return truth.stream().filter(t -> t.node.equals(node)).findFirst().orElseThrow().seqno;
  }

  private static List<Truth> truth(Random random) {
    List<Truth> truth = new ArrayList<>();
    boolean ever = random.nextInt(10) > 0;
    for (String node : NODES) {
      boolean last = ever && random.nextInt(3) > 0;
      long seqno = !ever ? -1 : last ? 95 + random.nextInt(5) : random.nextInt(96) - 1;
      truth.add(new Truth(node, seqno, last && seqno >= 0));
    }
    return truth;
  }

  private static Candidate candidate(Truth truth, Random random, boolean logLost) {
    boolean present = random.nextInt(10) > 0;
    if (!present) {
      return new Candidate(truth.node, false, true, GaleraPosition.UNKNOWN);
    }
    Fault fault =
        random.nextInt(3) > 0 ? Fault.NONE : Fault.values()[random.nextInt(Fault.values().length)];
    if (logLost && fault == Fault.NOT_MOUNTED_FRESH) {
      // Nobody can know: no log, and a folder as after the installation.
      fault = Fault.NOT_MOUNTED_EMPTY;
    }
    boolean hadData = !logLost && truth.seqno >= 0;
    return new Candidate(truth.node, true, false, look(truth, fault, hadData, random));
  }

  /// Lets the production code look at a disk.
  private static GaleraPosition look(Truth truth, Fault fault, boolean hadData, Random random) {
    List<AgentEffect> effects = new ArrayList<>();
    GaleraCopy copy = GaleraCopy.UNREAD.look(Stage.LOOKING, 1, effects);
    if (fault == Fault.STILL_READING) {
      return copy.position();
    }
    if (fault == Fault.DISK_HANGS) {
      return copy.tick(1 + GaleraCopy.LOOK_NANOS, effects).position();
    }
    effects.clear();
    copy = copy.fileRead(file(truth, fault, random), hadData, 2, effects);
    copy = copy.folderListed(folder(fault), hadData, 3, effects);
    if (copy.stage() == Stage.RECOVERING) {
      assertEquals(1, effects.size());
      copy = copy.recovered(tool(truth, fault), hadData, 4);
    }
    assertEquals(Stage.READ, copy.stage());
    return copy.position();
  }

  private static OnDisk<String> file(Truth truth, Fault fault, Random random) {
    String whole =
        "version: 2.1\nuuid: "
            + A
            + "\nseqno: "
            + (random.nextBoolean() ? -1 : truth.seqno)
            + "\nsafe_to_bootstrap: 0\n";
    return switch (fault) {
      case FILE_UNREADABLE -> new OnDisk.Unreadable<>("EIO");
      case NOT_MOUNTED_EMPTY, NOT_MOUNTED_FRESH, FILE_GONE -> new OnDisk.Absent<>();
      case FILE_DAMAGED -> new OnDisk.There<>("\0".repeat(100));
      case FILE_EMPTY -> new OnDisk.There<>("");
      default -> truth.seqno < 0 ? new OnDisk.Absent<>() : new OnDisk.There<>(whole);
    };
  }

  private static OnDisk<List<String>> folder(Fault fault) {
    return switch (fault) {
      case FOLDER_UNREADABLE -> new OnDisk.Unreadable<>("EACCES");
      case NOT_MOUNTED_EMPTY -> new OnDisk.There<>(List.of("lost+found"));
      case TABLES_GONE -> new OnDisk.There<>(List.of("grastate.dat"));
      default -> TABLES;
    };
  }

  private static AgentEvent.ToolDone tool(Truth truth, Fault fault) {
    String nothing = "00000000-0000-0000-0000-000000000000:-1";
    String position =
        switch (fault) {
          case NOT_MOUNTED_FRESH, TOOL_FINDS_NOTHING -> nothing;
          case TOOL_FINDS_ANOTHER -> A.replace('a', 'c') + ":7";
          default -> truth.seqno < 0 ? nothing : A + ":" + truth.seqno;
        };
    return switch (fault) {
      case TOOL_FAILS -> new AgentEvent.ToolDone("recover", 1, "", "[ERROR] InnoDB: corrupt");
      case TOOL_TALKS_NONSENSE ->
          new AgentEvent.ToolDone("recover", 0, "", "Recovered position: x");
      default ->
          new AgentEvent.ToolDone("recover", 0, "", "WSREP: Recovered position: " + position);
    };
  }
}
