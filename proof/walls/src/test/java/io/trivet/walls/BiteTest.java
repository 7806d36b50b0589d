package io.trivet.walls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A wall that never bites is a wish: each rule finds its fixture, and leaves the good one alone.
final class BiteTest {
  private static final String FIXTURES = "io.trivet.walls.fixture.";

  @ParameterizedTest
  @CsvSource({
    "Impure$ReadsClock, java.lang.System.nanoTime",
    "Impure$ReadsWallClock, java.time.Instant.now",
    "Impure$HoldsClock, java.time.Clock",
    "Impure$StartsThread, java.lang.Thread",
    "Impure$Locks, java.util.concurrent.locks.ReentrantLock",
    "Impure$ReadsFile, java.nio.file.Files",
    "Impure$OpensSocket, java.net.Socket",
    "Impure$Resolves, java.net.InetAddress.getByName",
    "Impure$Logs, java.lang.System$Logger",
    "Impure$Prints, java.lang.System.out",
    "Impure$Draws, java.util.Random",
    "Impure$MakesUuid, java.util.UUID.randomUUID",
    "Impure$UsesMathRandom, java.lang.Math.random",
    "Impure$UsesHashMap, java.util.HashMap",
    "Impure$DeclaresHashSet, java.util.HashSet",
    "Impure$UsesMapOf, java.util.Map.of",
    "Impure$UsesSetOf, java.util.Set.of",
    "Impure$CollectsToMap, java.util.stream.Collectors.toMap",
    "Impure$CollectsToSet, java.util.stream.Collectors.toSet",
    "Impure$Groups, java.util.stream.Collectors.groupingBy",
    "Impure$ReadsEnvironment, java.lang.System.getenv",
    "Impure$ReadsProperty, java.lang.System.getProperty",
    "Impure$GoesParallel, java.util.List.parallelStream",
    "Impure$UsesMethodReference, java.lang.System.currentTimeMillis",
    "Impure$UsesLibrary, org.junit.jupiter.api.Assertions"
  })
  void purityFinds(String fixture, String culprit) {
    List<Finding> findings = Purity.check(fixture(fixture));
    assertTrue(
        findings.stream().anyMatch(finding -> finding.what().startsWith(culprit + " ")),
        fixture + " should be found for " + culprit + ", found: " + findings);
  }

  @Test
  void purityLeavesPureCodeAlone() {
    assertEquals(List.of(), Purity.check(fixture("Pure")));
  }

  @Test
  void arrowsFindAnotherModule() {
    List<Finding> findings = Arrows.betweenModules(Module.CLUSTER, fixture("CrossesModules"));
    assertTrue(
        findings.stream().anyMatch(finding -> finding.what().contains("io.trivet.linux")),
        findings.toString());
    assertEquals(1, Arrows.ownPackage(Module.CLUSTER, fixture("CrossesModules")).size());
  }

  @Test
  void arrowsFindNativeAccess() {
    assertEquals(1, Arrows.nativeAccess(fixture("Native")).size());
    assertEquals(List.of(), Arrows.nativeAccess(fixture("Pure")));
  }

  @Test
  void switchesWithDefaultAreFound() {
    Set<String> members =
        SealedSwitches.membersOfSealedFamilies(List.of(fixture("Switches$Family")));
    assertEquals(2, members.size());
    assertEquals(
        List.of(FIXTURES + "Switches$WithDefault.word"),
        SealedSwitches.check(fixture("Switches$WithDefault"), members).stream()
            .map(Finding::where)
            .toList());
    assertEquals(List.of(), SealedSwitches.check(fixture("Switches$Complete"), members));
    assertEquals(List.of(), SealedSwitches.check(fixture("Switches$OverObjects"), members));
  }

  @Test
  void sleepsAreFound() {
    assertEquals(1, Tests.sleeps(fixture("Sleeps")).size());
    assertEquals(List.of(), Tests.sleeps(fixture("Pure")));
  }

  @Test
  void longFilesAreFound() {
    assertEquals(1, Texts.length("A.java", "x\n".repeat(Texts.MAX_LINES + 1)).size());
    assertEquals(List.of(), Texts.length("A.java", "x\n".repeat(Texts.MAX_LINES)));
  }

  @ParameterizedTest
  @CsvSource({
    "io/trivet/cluster/util/A.java",
    "io/trivet/cluster/VipManager.java",
    "io/trivet/cluster/ParseHelper.java",
    "io/trivet/cluster/AgentImpl.java"
  })
  void emptyNamesAreFound(String file) {
    assertEquals(1, Texts.names(file).size());
  }

  @Test
  void namesThatContainSuchWordsByChanceAreFine() {
    assertEquals(List.of(), Texts.names("core/cluster/Implied.java"));
  }

  @Test
  void textThatMustNotBePublishedIsFound() {
    String mark = "TO" + "DO";
    String path = "/wo" + "rk/x";
    assertEquals(
        List.of("a.md:2", "a.md:3"),
        Texts.published("a.md", "fine\n" + mark + ": later\nsee " + path + "\nsrc" + path + "\n")
            .stream()
            .map(Finding::where)
            .toList());
  }

  @Test
  void noticesWithoutRunbookAreFound() {
    String source = "say(Notice.warning(\n    \"disk-full\", node, \"x\", \"y\"));";
    assertEquals(1, Texts.noticesWithoutRunbook("A.java", source, Set.of()).size());
    assertEquals(List.of(), Texts.noticesWithoutRunbook("A.java", source, Set.of("disk-full")));
    assertEquals(
        List.of(),
        Texts.noticesWithoutRunbook("A.java", "Notice.info(\"moved\", a, b, c)", Set.of()));
  }

  @Test
  void packagesWithoutNullMarkedAreFound() {
    assertEquals(1, Texts.nullMarked("package-info.java", "package a;").size());
    assertEquals(List.of(), Texts.nullMarked("package-info.java", "@NullMarked package a;"));
  }

  @Test
  void theRepositoryIsFoundFromWithin() {
    assertTrue(Repository.here().files().contains(Path.of("LICENSE")));
  }

  private static ClassModel fixture(String name) {
    String resource = "/" + (FIXTURES + name).replace('.', '/') + ".class";
    try (InputStream in = BiteTest.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no fixture " + resource);
      }
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
