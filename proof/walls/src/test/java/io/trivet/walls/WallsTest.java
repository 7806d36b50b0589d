package io.trivet.walls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The rules over the whole repository.
final class WallsTest {
  private final Repository repository = Repository.here();

  @Test
  void everyModuleWasRead() {
    for (Module module : Module.all()) {
      assertFalse(
          repository.classes(module).isEmpty(),
          module.folder() + " has no class files; build it first: mvn -pl proof/walls -am verify");
    }
  }

  @Test
  void coreIsPure() {
    List<Finding> findings = new ArrayList<>();
    for (Module module : Module.all()) {
      if (module.isCore()) {
        repository.classes(module).forEach(model -> findings.addAll(Purity.check(model)));
      }
    }
    none(findings);
  }

  @Test
  void arrowsBetweenModulesAreThoseOfTheDesign() {
    List<Finding> findings = new ArrayList<>();
    for (Module module : Module.all()) {
      for (ClassModel model : repository.classes(module)) {
        findings.addAll(Arrows.betweenModules(module, model));
        findings.addAll(Arrows.ownPackage(module, model));
      }
    }
    none(findings);
  }

  @Test
  void onlyLinuxHasNativeAccess() {
    List<Finding> findings = new ArrayList<>();
    for (Module module : Module.all()) {
      if (module != Module.LINUX) {
        repository.classes(module).forEach(model -> findings.addAll(Arrows.nativeAccess(model)));
      }
    }
    none(findings);
  }

  @Test
  void switchesOverSealedFamiliesHaveNoDefault() {
    List<ClassModel> all = new ArrayList<>();
    Module.all().forEach(module -> all.addAll(repository.classes(module)));
    Set<String> members = SealedSwitches.membersOfSealedFamilies(all);
    List<Finding> findings = new ArrayList<>();
    all.forEach(model -> findings.addAll(SealedSwitches.check(model, members)));
    none(findings);
  }

  @Test
  void testsDoNotSleep() {
    List<Finding> findings = new ArrayList<>();
    for (Module module : Module.all()) {
      repository.testClasses(module).forEach(model -> findings.addAll(Tests.sleeps(model)));
    }
    none(findings);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<Path> packages =
        javaFiles().stream()
            .filter(file -> file.toString().contains("src/main/java/"))
            .filter(file -> !file.endsWith("module-info.java"))
            .map(Path::getParent)
            .collect(Collectors.toSet());
    List<Finding> findings = new ArrayList<>();
    for (Path folder : packages) {
      Path file = folder.resolve("package-info.java");
      String text = Files.exists(repository.root().resolve(file)) ? repository.text(file) : "";
      findings.addAll(Texts.nullMarked(file.toString(), text));
    }
    none(findings);
  }

  @Test
  void javaFilesAreShortAndNamed() {
    List<Finding> findings = new ArrayList<>();
    for (Path file : javaFiles()) {
      findings.addAll(Texts.length(file.toString(), repository.text(file)));
      findings.addAll(Texts.names(file.toString()));
    }
    none(findings);
  }

  @Test
  void everyNoticeThatAsksForAPersonHasARunbook() {
    Set<String> runbooks =
        repository.files().stream()
            .filter(file -> file.startsWith("docs/runbooks"))
            .map(file -> file.getFileName().toString().replaceFirst("\\.md$", ""))
            .collect(Collectors.toSet());
    List<Finding> findings = new ArrayList<>();
    for (Path file : javaFiles()) {
      if (file.toString().contains("src/main/java/")) {
        findings.addAll(
            Texts.noticesWithoutRunbook(file.toString(), repository.text(file), runbooks));
      }
    }
    none(findings);
  }

  @Test
  void nothingOfOneMachineAndNothingUnfinishedIsPublished() {
    List<Finding> findings = new ArrayList<>();
    for (Path file : repository.files()) {
      findings.addAll(Texts.published(file.toString(), repository.text(file)));
    }
    none(findings);
  }

  private List<Path> javaFiles() {
    return repository.files().stream().filter(file -> file.toString().endsWith(".java")).toList();
  }

  private static void none(List<Finding> findings) {
    assertEquals(
        "", findings.stream().map(Finding::toString).distinct().collect(Collectors.joining("\n")));
  }
}
