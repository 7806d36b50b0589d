package io.trivet.consensus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every file that the log keeps, cut at every byte position and changed at every byte position: it
/// is put right, or refused by name; a vote and an acknowledged entry are never lost in silence.
@Timeout(240)
final class KeptFilesTest {
  private static final int ENTRIES = 30;

  @TempDir Path root = Path.of("");
  private Path storage = Path.of("");
  private byte[] vote = {};
  private byte[] configuration = {};
  private final TreeMap<String, String> alone = new TreeMap<>();

  /// A member with two snapshots and entries after them, as power left it.
  @BeforeEach
  void aMember() throws Exception {
    alone.put("a", "127.0.0.1:" + TestPki.freePort());
    Path running = root.resolve("running");
    storage = root.resolve("log");
    Recorder told = new Recorder();
    try (ReplicatedLog log =
        ReplicatedLog.open(new Settings("a", alone, running, 300, 600, 10, null), told)) {
      told.await("leadership", it -> it.role() == Role.LEADER);
      for (int i = 0; i < ENTRIES; i++) {
        log.propose(("entry " + i).getBytes(StandardCharsets.UTF_8)).get();
      }
      copyWhileItRuns(running, storage);
    }
    vote = Files.readAllBytes(current("raft-meta"));
    configuration = Files.readAllBytes(current("raft-meta.conf"));
  }

  @Test
  void theVoteIsPutRightFromItsCopyAndTheCopyFromTheVote() throws IOException {
    for (Path file :
        List.of(
            current("raft-meta"),
            storage.resolve("raft-meta.copy"),
            current("raft-meta.conf"),
            storage.resolve("raft-meta.conf.copy"))) {
      everyFault(file, (what, _) -> assertPromisesKept(what));
      byte[] whole = Files.readAllBytes(file);
      Files.delete(file);
      prepare();
      assertPromisesKept(file + " was missing");
      Files.write(file, whole);
    }
  }

  @Test
  void bothHalvesDamagedAreRefusedByName() throws IOException {
    byte[] copy = Files.readAllBytes(storage.resolve("raft-meta.copy"));
    Files.write(storage.resolve("raft-meta.copy"), Arrays.copyOf(copy, copy.length - 1));
    for (int kept = 0; kept < vote.length; kept++) {
      Files.write(current("raft-meta"), Arrays.copyOf(vote, kept));
      String refusal = refusal();
      assertTrue(refusal.contains("raft-meta"), refusal);
      assertTrue(refusal.contains("its second copy"), refusal);
    }
  }

  @Test
  void aVoteThatAVersionWithoutCopiesGaveIsNotForgotten() throws IOException {
    String given = new String(vote, StandardCharsets.UTF_8);
    String later = given.replaceAll("term=.*", "term=4711").replaceAll("votedFor=.*", "votedFor=b");
    Files.writeString(current("raft-meta"), later);
    prepare();
    assertEquals(later, Files.readString(current("raft-meta")));
    Files.write(current("raft-meta"), new byte[0]);
    prepare();
    assertEquals(later, Files.readString(current("raft-meta")));
  }

  @Test
  void theNameOfTheMemberIsNeverGuessed() throws IOException {
    everyFault(
        storage.resolve("member"),
        (what, refusal) ->
            assertTrue(
                refusal != null || "a".equals(readString(storage.resolve("member")).strip()),
                what));
  }

  @Test
  void aSnapshotThatDoesNotFitIsPassedOverOnlyWhereTheLogHasAllOfIt() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(storage)) {
      files = all.filter(f -> f.getFileName().toString().startsWith("snapshot.")).sorted().toList();
    }
    assertTrue(files.size() >= 2, files.toString());
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      for (int kept = 0; kept < whole.length; kept += 1 + whole.length / 40) {
        Path folder = Files.createTempDirectory(root, "cut");
        copy(storage, folder);
        Path cut = folder.resolve(storage.relativize(file).toString());
        Files.write(cut, Arrays.copyOf(whole, kept));
        String refusal = refusal(folder);
        assertTrue(refusal == null || refusal.contains("snapshot"), refusal);
        if (refusal == null && kept == 0) {
          assertNothingLost(folder);
        }
      }
    }
  }

  @Test
  void aClosedSegmentThatEndsEarlyIsRefused() throws IOException {
    Path folder = Files.createDirectories(root.resolve("closed"));
    Path open;
    try (Stream<Path> all = Files.list(current("raft-meta").getParent())) {
      open =
          all.filter(f -> f.getFileName().toString().startsWith("log_inprogress_"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(open);
    Files.write(folder.resolve("log_0-999"), bytes);
    try {
      LogSegments.check(folder, "ask");
      throw new AssertionError("accepted");
    } catch (StorageUnusable e) {
      assertTrue(e.what().contains("of 1000 records"), e.what());
    }
  }

  private interface Look {
    void look(String what, String refusal) throws IOException;
  }

  /// Cuts the file at every byte, and changes every byte in three ways; the file is whole again
  /// afterwards.
  private void everyFault(Path file, Look look) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    byte[] otherHalf = Files.readAllBytes(current("raft-meta"));
    for (int at = 0; at < whole.length; at++) {
      Files.write(file, Arrays.copyOf(whole, at));
      look.look(file + " cut at " + at, refusal());
      for (int mask : new int[] {0x01, 0x10, 0xff}) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) mask;
        Files.write(file, changed);
        look.look(file + " changed at " + at, refusal());
        Files.write(current("raft-meta"), otherHalf);
      }
      Files.write(file, whole);
    }
  }

  /// Term and vote are what they were, or a later term, which gives nothing away.
  private void assertPromisesKept(String what) throws IOException {
    String now = readString(current("raft-meta"));
    String before = new String(vote, StandardCharsets.UTF_8);
    if (!now.equals(before)) {
      assertTrue(term(now) > term(before), what + ": " + now);
    }
    assertArrayEquals(configuration, Files.readAllBytes(current("raft-meta.conf")), what);
  }

  private static long term(String vote) {
    return vote.lines()
        .filter(line -> line.startsWith("term="))
        .mapToLong(line -> Long.parseLong(line.substring(5)))
        .findFirst()
        .orElse(-1);
  }

  private void assertNothingLost(Path folder) throws Exception {
    Recorder told = new Recorder();
    try (ReplicatedLog log =
        ReplicatedLog.open(new Settings("a", alone, folder, 300, 600, 1000, null), told)) {
      told.await("all entries", it -> it.entries().size() == ENTRIES);
      assertTrue(log.lastApplied() >= ENTRIES);
    }
  }

  private void prepare() throws IOException {
    new StorageDirectory(storage, "a", RatisSettings.GROUP.getUuid()).prepare();
  }

  private String refusal() throws IOException {
    return refusal(storage);
  }

  private static String refusal(Path folder) throws IOException {
    try {
      new StorageDirectory(folder, "a", RatisSettings.GROUP.getUuid()).prepare();
      return null;
    } catch (StorageUnusable e) {
      return e.getMessage();
    }
  }

  private Path current(String name) {
    return storage
        .resolve(RatisSettings.GROUP.getUuid().toString())
        .resolve("current")
        .resolve(name);
  }

  private static String readString(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /// A snapshot may be on its way into its place meanwhile, under another name.
  private static void copyWhileItRuns(Path from, Path to) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        copy(from, to);
        return;
      } catch (NoSuchFileException e) {
        if (attempt == 20) {
          throw e;
        }
      } catch (UncheckedIOException e) { // what a walk makes of the same
        if (attempt == 20 || !(e.getCause() instanceof NoSuchFileException)) {
          throw e;
        }
      }
      deleteAll(to);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.getFileName().toString().equals("in_use.lock")) {
          Files.copy(file, target);
        }
      }
    }
  }
}
