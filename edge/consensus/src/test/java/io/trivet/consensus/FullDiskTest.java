package io.trivet.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Members whose disks are small and get full, read-only, or closed to them: each says so, and goes
/// on by itself when the cause is gone, in the same process. Needs root for the mounts.
@Timeout(180)
@EnabledIf("root")
final class FullDiskTest {
  private static final String LARGE = "x".repeat(200_000);

  @TempDir Path root = Path.of("");
  private ThreeMembers members;
  private int number;

  static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  @BeforeEach
  void threeSmallDisks() throws Exception {
    for (String name : ThreeMembers.NAMES) {
      Path disk = Files.createDirectories(root.resolve(name));
      run("mount", "-t", "tmpfs", "-o", "size=12m", "trivet-test", disk.toString());
    }
    members = new ThreeMembers(root, 1000);
    members.startAll();
    entries(5);
  }

  @AfterEach
  void unmount() throws Exception {
    members.close();
    for (String name : ThreeMembers.NAMES) {
      run("umount", "-l", root.resolve(name).toString());
    }
  }

  @Test
  void threeFullDisksAtOnceComeBackByThemselves() throws Exception {
    for (int round = 0; round < 3; round++) {
      for (String name : ThreeMembers.NAMES) {
        fill(name);
      }
      // Large entries use up what is allocated already; elections then meet the full disk too.
      for (int attempts = 0; attempts < 12; attempts++) {
        attempt(LARGE);
      }
      for (ThreeMembers.Member member : members.open.values()) {
        member.told().await("it says so", told -> told.trouble() != null);
      }
      for (ThreeMembers.Member member : members.open.values()) {
        assertEquals(StorageTrouble.Kind.DISK_FULL, member.told().trouble().kind());
        assertNull(member.told().failure());
      }
      for (String name : ThreeMembers.NAMES) {
        Files.delete(root.resolve(name).resolve("ballast"));
      }
      for (ThreeMembers.Member member : members.open.values()) {
        member.told().await("it goes on", told -> told.trouble() == null);
      }
      entries(5);
    }
    List<String> one = acknowledged();
    assertTrue(one.size() >= 20, one.toString());
  }

  @Test
  void theVoteIsWholeOnAFullDisk() throws Exception {
    for (String name : ThreeMembers.NAMES) {
      fill(name);
    }
    for (String name : ThreeMembers.NAMES) {
      Path current = current(name);
      byte[] before = Files.readAllBytes(current.resolve("raft-meta"));
      try {
        KeptFile.replace(current.resolve("raft-meta"), new byte[64 << 10]);
        throw new AssertionError("there was room");
      } catch (IOException e) {
        assertEquals(StorageTrouble.Kind.DISK_FULL, StorageTrouble.of(current, e).kind());
      }
      assertEquals(
          new String(before, StandardCharsets.UTF_8),
          Files.readString(current.resolve("raft-meta")));
    }
  }

  @Test
  void aMemberStartsOnAFullDiskAndWaits() throws Exception {
    members.stop("a");
    fill("a");
    ThreeMembers.Member a = members.start("a");
    a.told().await("it says so", told -> told.trouble() != null);
    assertEquals(StorageTrouble.Kind.DISK_FULL, a.told().trouble().kind());
    entries(3);
    Files.delete(root.resolve("a").resolve("ballast"));
    a.told().await("it goes on", told -> told.trouble() == null);
    members.awaitEntries(8);
  }

  @Test
  void aReadOnlyFileSystemIsSaidAndWaitedFor() throws Exception {
    // Open files would keep the mount writable.
    members.stop("b");
    run("mount", "-o", "remount,ro", root.resolve("b").toString());
    ThreeMembers.Member b = members.start("b");
    b.told().await("it says so", told -> told.trouble() != null);
    assertEquals(StorageTrouble.Kind.READ_ONLY, b.told().trouble().kind());
    run("mount", "-o", "remount,rw", root.resolve("b").toString());
    b.told().await("it goes on", told -> told.trouble() == null);
    entries(2);
  }

  @Test
  void whatOthersAcknowledgedMeanwhileComesWithoutBeingToldTwice() throws Exception {
    fill("c");
    for (int attempts = 0; attempts < 12; attempts++) {
      attempt(LARGE);
    }
    members.member("c").told().await("it says so", told -> told.trouble() != null);
    assertEquals(StorageTrouble.Kind.DISK_FULL, members.member("c").told().trouble().kind());
    entries(3);
    Files.delete(root.resolve("c").resolve("ballast"));
    members.member("c").told().await("it goes on", told -> told.trouble() == null);
    entries(1);
    // The recorder refuses an index that it was told before.
    assertNull(members.member("c").told().failure());
    assertEquals(acknowledged(), members.member("c").told().entries());
  }

  private List<String> acknowledged() throws Exception {
    members.propose("the last");
    for (ThreeMembers.Member member : members.open.values()) {
      member
          .told()
          .await(
              "the last one",
              told -> !told.entries().isEmpty() && told.entries().getLast().equals("the last"));
    }
    List<List<String>> all = new ArrayList<>();
    members.open.values().forEach(member -> all.add(member.told().entries()));
    assertEquals(all.get(0), all.get(1));
    assertEquals(all.get(0), all.get(2));
    return all.getFirst();
  }

  private void entries(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      members.propose("entry " + number++);
    }
  }

  /// Proposes on whoever leads within a second; whether it was taken does not matter here.
  private void attempt(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (System.nanoTime() < end) {
      for (ThreeMembers.Member member : members.open.values()) {
        if (member.log().role() == Role.LEADER) {
          try {
            member.log().propose(text.getBytes(StandardCharsets.UTF_8)).get(20, TimeUnit.SECONDS);
          } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            // The disk is full, or was a moment ago.
            return;
          }
          return;
        }
      }
      members.lookAgainSoon();
    }
  }

  private void fill(String name) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(root.resolve(name).resolve("ballast"))) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  private Path current(String name) {
    return root.resolve(name).resolve(RatisSettings.GROUP.getUuid().toString()).resolve("current");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " exits " + exit);
    }
  }
}
