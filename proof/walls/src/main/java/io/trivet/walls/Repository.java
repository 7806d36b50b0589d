package io.trivet.walls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The files that the rules read: sources and compiled classes below the root of the repository.
public record Repository(Path root) {
  private static final Set<String> NOT_OURS = Set.of("target", ".git", ".idea", "node_modules");

  /// The repository around the current folder: the nearest folder upwards that holds `LICENSE` and
  /// `core`.
  ///
  /// @throws IllegalStateException if there is none
  public static Repository here() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("LICENSE")) && Files.isDirectory(folder.resolve("core"))) {
        return new Repository(folder);
      }
    }
    throw new IllegalStateException(
        "not inside Trivet's repository: " + Path.of("").toAbsolutePath());
  }

  /// The compiled classes of a module.
  public List<ClassModel> classes(Module module) {
    return classesUnder(root.resolve(module.folder()).resolve("target/classes"));
  }

  /// The compiled tests of a module; none if it has no tests.
  public List<ClassModel> testClasses(Module module) {
    return classesUnder(root.resolve(module.folder()).resolve("target/test-classes"));
  }

  /// The class files below a folder; none if the folder does not exist.
  public static List<ClassModel> classesUnder(Path folder) {
    return filesUnder(folder).stream()
        .filter(file -> file.toString().endsWith(".class"))
        .map(Repository::parse)
        .toList();
  }

  /// Every file of the repository that is not built, as paths from the root.
  public List<Path> files() {
    return filesUnder(root).stream().map(root::relativize).toList();
  }

  /// The text of a file, given from the root; nothing (an empty string) if it is not UTF-8 text.
  public String text(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(root.resolve(file));
      for (byte b : bytes) {
        if (b == 0) {
          return "";
        }
      }
      return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> filesUnder(Path folder) {
    List<Path> files = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return files;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              return !dir.equals(folder) && NOT_OURS.contains(dir.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && !NOT_OURS.contains(file.getFileName().toString())) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.sort(null);
    return files;
  }
}
