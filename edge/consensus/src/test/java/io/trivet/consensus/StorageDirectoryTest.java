package io.trivet.consensus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A storage directory that is damaged or foreign is refused and left as it is.
@Timeout(60)
final class StorageDirectoryTest {
  @TempDir Path root = Path.of("");
  private Path storage = Path.of("");
  private Path current = Path.of("");
  private TreeMap<String, String> alone = new TreeMap<>();

  @BeforeEach
  void aMemberWithSomeEntries() throws Exception {
    storage = root.resolve("log");
    current = storage.resolve(RatisSettings.GROUP.getUuid().toString()).resolve("current");
    alone.put("a", "127.0.0.1:" + TestPki.freePort());
    Recorder told = new Recorder();
    try (ReplicatedLog log = open("a", told)) {
      told.await("leadership", it -> it.role() == Role.LEADER);
      for (int i = 0; i < 20; i++) {
        log.propose(("entry " + i).getBytes(StandardCharsets.UTF_8)).get();
      }
    }
  }

  @Test
  void itIsReadableByItsOwnerOnly() throws IOException {
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(storage)));
  }

  @Test
  void aWholeDirectoryOpensAgain() throws Exception {
    Recorder told = new Recorder();
    try (ReplicatedLog log = open("a", told)) {
      told.await("all entries", it -> it.entries().size() == 20);
      assertTrue(log.lastApplied() >= 20);
    }
  }

  @Test
  void theDirectoryOfAnotherMember() throws Exception {
    alone.put("b", alone.get("a"));
    String message = refused("b");
    assertTrue(message.contains("belongs to the member \"a\""), message);
  }

  @Test
  void aMissingVote() throws Exception {
    Files.delete(current.resolve("raft-meta"));
    Files.delete(storage.resolve("raft-meta.copy"));
    String message = refused("a");
    assertTrue(message.contains("term and vote is missing"), message);
  }

  @Test
  void aMissingMarkerBesideData() throws Exception {
    Files.delete(storage.resolve("member"));
    String message = refused("a");
    assertTrue(message.contains("\"member\" is missing"), message);
  }

  @Test
  void aDamagedLog() throws Exception {
    Path segment;
    try (Stream<Path> files = Files.list(current)) {
      segment =
          files
              .filter(file -> file.getFileName().toString().startsWith("log_"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    for (int i = 60; i < 120; i++) {
      bytes[i] ^= 0x55;
    }
    Files.write(segment, bytes);
    // The snapshot taken at close would make the entries unnecessary; the damage must be said all
    // the same.
    String message = refused("a");
    assertTrue(message.contains("it is damaged"), message);
    assertTrue(message.contains("what to do:"), message);
    assertEquals(bytes.length, Files.size(segment));
  }

  @Test
  void aTornLastRecordIsCutBackAndTheRestIsThere() throws Exception {
    for (boolean shorter : List.of(true, false)) {
      Path copy = asPowerLeftIt("torn-" + shorter);
      Path segment = segment(copy);
      byte[] bytes = Files.readAllBytes(segment);
      int middle = indexOf(bytes, "entry 19") + 4;
      Arrays.fill(bytes, middle, bytes.length, (byte) 0);
      Files.write(segment, shorter ? Arrays.copyOf(bytes, middle) : bytes);
      Recorder told = new Recorder();
      try (ReplicatedLog log = open(copy, told)) {
        told.await("the others", it -> it.entries().size() == 19);
        told.await("leadership", it -> it.role() == Role.LEADER);
        log.propose("entry 19 again".getBytes(StandardCharsets.UTF_8)).get();
        told.await("a new one", it -> it.entries().size() == 20);
      }
    }
  }

  @Test
  void damageBeforeTheLastRecordIsRefusedAndNothingIsTouched() throws Exception {
    Path copy = asPowerLeftIt("damaged");
    Path segment = segment(copy);
    byte[] bytes = Files.readAllBytes(segment);
    bytes[indexOf(bytes, "entry 9") + 2] ^= 0x10;
    Files.write(segment, bytes);
    String message = refused(copy, "a");
    assertTrue(message.contains("it is damaged at byte "), message);
    assertTrue(message.contains("good ones follow"), message);
    assertTrue(message.contains(segment.toString()), message);
    assertTrue(message.contains("what to do: if the other members are well"), message);
    assertArrayEquals(bytes, Files.readAllBytes(segment));
  }

  /// The storage of a member that never stopped in order: what a copy of its running directory has.
  private Path asPowerLeftIt(String name) throws Exception {
    Path running = root.resolve(name + "-running");
    Path copy = root.resolve(name);
    Recorder told = new Recorder();
    try (ReplicatedLog log = open(running, told)) {
      told.await("leadership", it -> it.role() == Role.LEADER);
      for (int i = 0; i < 20; i++) {
        log.propose(("entry " + i).getBytes(StandardCharsets.UTF_8)).get();
      }
      try (Stream<Path> files = Files.walk(running)) {
        for (Path file : files.toList()) {
          if (!file.getFileName().toString().equals("in_use.lock")) {
            Files.copy(file, copy.resolve(running.relativize(file).toString()));
          }
        }
      }
    }
    return copy;
  }

  private static Path segment(Path storage) throws IOException {
    try (Stream<Path> files = Files.walk(storage)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  @Test
  void aFileInItsPlace() throws Exception {
    ReplicatedLogTest.deleteTree(storage);
    Files.writeString(storage, "not a directory");
    String message = refused("a");
    assertTrue(message.contains("it is not a directory"), message);
  }

  private String refused(String self) throws Exception {
    return refused(storage, self);
  }

  /// What is said about it; and that this member takes part in nothing.
  private String refused(Path directory, String self) throws Exception {
    Recorder told = new Recorder();
    try (ReplicatedLog log =
        ReplicatedLog.open(new Settings(self, alone, directory, 300, 600, 1000, null), told)) {
      told.await("a refusal", it -> it.trouble() != null);
      assertEquals(StorageTrouble.Kind.DAMAGED, told.trouble().kind());
      assertEquals(-1, log.lastApplied());
      return told.trouble().what() + "; what to do: " + told.trouble().remedy();
    }
  }

  private ReplicatedLog open(Path directory, Recorder told) throws IOException {
    return ReplicatedLog.open(new Settings("a", alone, directory, 300, 600, 1000, null), told);
  }

  private ReplicatedLog open(String self, Recorder told) throws IOException {
    return ReplicatedLog.open(new Settings(self, alone, storage, 300, 600, 1000, null), told);
  }
}
