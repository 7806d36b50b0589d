package io.trivet.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ReplicatedLogTest {
  @TempDir Path root = Path.of("");

  @Test
  void everyMemberAppliesTheSameEntriesInTheSameOrder() throws Exception {
    try (ThreeMembers members = new ThreeMembers(root, 1000)) {
      members.startAll();
      List<String> wanted = proposeNumbered(members, 0, 40);
      members.awaitEntries(40);
      for (ThreeMembers.Member member : members.open.values()) {
        assertEquals(wanted, member.told().entries());
        assertTrue(member.log().hasQuorum());
      }
    }
  }

  @Test
  void aFollowerRefusesAndNamesTheLeader() throws Exception {
    try (ThreeMembers members = new ThreeMembers(root, 1000)) {
      members.startAll();
      members.propose("first");
      String leader = members.awaitLeader();
      String follower =
          ThreeMembers.NAMES.stream()
              .filter(name -> !name.equals(leader))
              .findFirst()
              .orElseThrow();
      members.member(follower).told().await("a leader", told -> leader.equals(told.leader()));
      ExecutionException failed =
          assertThrows(
              ExecutionException.class,
              () -> members.member(follower).log().propose(new byte[1]).get(5, TimeUnit.SECONDS));
      NotLeader refused = assertInstanceOf(NotLeader.class, failed.getCause());
      assertEquals(leader, refused.leader());
      assertFalse(refused.mayStillApply());
    }
  }

  @Test
  void anOpeningThatTakesLongIsNotBegunASecondTime() throws Exception {
    try (ThreeMembers members = new ThreeMembers(root, 5)) {
      members.startAll();
      proposeNumbered(members, 0, 12);
      members.stop("a");
      members.startSlowly("a");
      assertEquals(1, members.member("a").told().restores());
      assertFalse(members.member("a").told().everTroubled());
      members.awaitEntries(12);
    }
  }

  @Test
  void anEntryThatIsTooLargeIsRefusedAndTheLargestOneGoesThrough() throws Exception {
    try (ThreeMembers members = new ThreeMembers(root, 1000)) {
      members.startAll();
      members.propose("x".repeat(ReplicatedLog.ENTRY_BYTES_MAX));
      ReplicatedLog leader = members.member(members.awaitLeader()).log();
      ExecutionException failed =
          assertThrows(
              ExecutionException.class,
              () ->
                  leader
                      .propose(new byte[ReplicatedLog.ENTRY_BYTES_MAX + 1])
                      .get(5, TimeUnit.SECONDS));
      assertInstanceOf(IllegalArgumentException.class, failed.getCause());
      members.awaitEntries(1);
    }
  }

  @Test
  void anotherMemberLeadsWhenTheLeaderStopsAndNothingIsLost() throws Exception {
    try (ThreeMembers members = new ThreeMembers(root, 1000)) {
      members.startAll();
      List<String> wanted = proposeNumbered(members, 0, 10);
      String first = members.awaitLeader();
      members.stop(first);
      wanted.addAll(proposeNumbered(members, 10, 10));
      members.awaitEntries(20);
      members.start(first);
      members.awaitEntries(20);
      for (ThreeMembers.Member member : members.open.values()) {
        assertEquals(wanted, member.told().entries());
      }
    }
  }

  @Test
  void withoutMajorityNothingIsAccepted() throws Exception {
    try (ThreeMembers members = new ThreeMembers(root, 1000)) {
      members.startAll();
      members.propose("first");
      String leader = members.awaitLeader();
      for (String name : ThreeMembers.NAMES) {
        if (!name.equals(leader)) {
          members.stop(name);
        }
      }
      ThreeMembers.Member alone = members.member(leader);
      ExecutionException failed =
          assertThrows(
              ExecutionException.class,
              () ->
                  alone
                      .log()
                      .propose("alone".getBytes(StandardCharsets.UTF_8))
                      .get(20, TimeUnit.SECONDS));
      assertInstanceOf(NotLeader.class, failed.getCause());
      alone
          .told()
          .await("no leadership", told -> told.role() != Role.LEADER && told.leader() == null);
      assertFalse(alone.log().hasQuorum());
      assertEquals(List.of("first"), alone.told().entries());
    }
  }

  @Test
  void aRestartOfAllRebuildsTheStateFromSnapshotAndLog() throws Exception {
    List<String> wanted = new ArrayList<>();
    try (ThreeMembers members = new ThreeMembers(root, 20)) {
      members.startAll();
      wanted.addAll(proposeNumbered(members, 0, 70));
      members.awaitEntries(70);
      members.stopAll();
      members.startAll();
      wanted.addAll(proposeNumbered(members, 70, 5));
      members.awaitEntries(75);
      for (ThreeMembers.Member member : members.open.values()) {
        assertEquals(wanted, member.told().entries());
        assertTrue(member.told().restores() >= 1, "the snapshot was used");
      }
    }
  }

  @Test
  void anEmptyMemberIsCaughtUpBySnapshotAndTheDiskStaysBounded() throws Exception {
    try (ThreeMembers members = new ThreeMembers(root, 40)) {
      members.startAll();
      members.propose("first");
      String leader = members.awaitLeader();
      String lost =
          ThreeMembers.NAMES.stream()
              .filter(name -> !name.equals(leader))
              .findFirst()
              .orElseThrow();
      members.stop(lost);
      deleteTree(root.resolve(lost));
      for (int i = 0; i < 160; i++) {
        members.propose(i + " " + "x".repeat(40_000));
      }
      members.start(lost);
      members.awaitEntries(161);
      assertEquals(
          members.member(members.awaitLeader()).told().entries(),
          members.member(lost).told().entries());
      assertTrue(
          members.member(lost).told().restores() >= 1, "it came by snapshot, not by 160 entries");
      // 160 entries are 6.4 MB; what stays is two closed segments at most (1 MB each) and the open
      // one.
      long logBytes =
          treeBytes(
              root.resolve(leader)
                  .resolve(RatisSettings.GROUP.getUuid().toString())
                  .resolve("current"));
      assertTrue(logBytes < 4_000_000, "log on disk: " + logBytes);
    }
  }

  @Test
  void theLeadershipCanBeHandedOver() throws Exception {
    try (ThreeMembers members = new ThreeMembers(root, 1000)) {
      members.startAll();
      members.propose("first");
      String before = members.awaitLeader();
      String after =
          ThreeMembers.NAMES.stream()
              .filter(name -> !name.equals(before))
              .findFirst()
              .orElseThrow();
      members.member(before).log().transferLeadership(after).get(20, TimeUnit.SECONDS);
      members.member(after).told().await("leadership", told -> told.role() == Role.LEADER);
      members.member(before).told().await("the new leader", told -> after.equals(told.leader()));
      members.propose("second");
      ExecutionException failed =
          assertThrows(
              ExecutionException.class,
              () ->
                  members
                      .member(before)
                      .log()
                      .transferLeadership("nobody")
                      .get(5, TimeUnit.SECONDS));
      assertInstanceOf(IllegalArgumentException.class, failed.getCause());
    }
  }

  @Test
  void aMemberWithACertificateOfAnotherAuthorityStaysOutside() throws Exception {
    Tls foreign = new TestPki(root.resolve("foreign")).member("c");
    try (ThreeMembers members = new ThreeMembers(root, 1000)) {
      members.start("a");
      members.start("b");
      ThreeMembers.Member outsider = members.start("c", foreign);
      members.propose("secret");
      members.member("a").told().await("the entry", told -> told.entries().size() == 1);
      members.member("b").told().await("the entry", told -> told.entries().size() == 1);
      assertNull(outsider.log().leader());
      assertFalse(outsider.log().hasQuorum());
      assertEquals(List.of(), outsider.told().entries());
    }
  }

  @Test
  void anEntryThatCannotBeAppliedStopsTheMemberAndSaysSo() throws Exception {
    try (ThreeMembers members = new ThreeMembers(root, 1000)) {
      members.startAll();
      members.propose("first");
      ThreeMembers.Member leader = members.member(members.awaitLeader());
      assertThrows(
          Exception.class,
          () ->
              leader
                  .log()
                  .propose("poison".getBytes(StandardCharsets.UTF_8))
                  .get(20, TimeUnit.SECONDS));
      leader.told().await("the failure", told -> told.failure() != null);
      Throwable failure = assertInstanceOf(IllegalStateException.class, leader.told().failure());
      assertEquals("cannot apply poison", failure.getMessage());
    }
  }

  private static List<String> proposeNumbered(ThreeMembers members, int from, int count)
      throws Exception {
    List<String> proposed = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      members.propose("entry " + i);
      proposed.add("entry " + i);
    }
    return proposed;
  }

  static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static long treeBytes(Path directory) throws IOException {
    long bytes = 0;
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(path);
      }
    }
    return bytes;
  }
}
