import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;

/// The one formatter: google-java-format over every `.java` file under the given folders.
///
/// `java Format.java check|apply STAMP FOLDER…` where STAMP is a file that remembers what was found
/// well formatted, so that an unchanged file costs a checksum. `check` fails and names the files;
/// `apply` rewrites them. Folders named `target` or starting with a dot are left out.
final class Format {
  private static final Formatter FORMATTER =
      new Formatter(JavaFormatterOptions.builder().formatJavadoc(true).build());

  static void main(String[] args) throws IOException {
    boolean apply = args[0].equals("apply");
    Path stamp = Path.of(args[1]);
    Set<String> known =
        Files.exists(stamp) ? new HashSet<>(Files.readAllLines(stamp)) : new HashSet<>();
    Set<String> wellFormatted = new TreeSet<>();
    List<String> problems = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      for (Path file : javaFilesUnder(Path.of(args[i]))) {
        String text = Files.readString(file);
        String key = checksum(file, text);
        if (known.contains(key)) {
          wellFormatted.add(key);
          continue;
        }
        try {
          String formatted =
              FORMATTER.formatSource(
                  RemoveUnusedImports.removeUnusedImports(
                      ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.GOOGLE)));
          if (formatted.equals(text)) {
            wellFormatted.add(key);
          } else if (apply) {
            Files.writeString(file, formatted);
            wellFormatted.add(checksum(file, formatted));
            System.out.println("formatted " + file);
          } else {
            problems.add(file + ": not formatted");
          }
        } catch (FormatterException e) {
          problems.add(file + ": " + e.getMessage());
        }
      }
    }
    Files.createDirectories(stamp.toAbsolutePath().getParent());
    Files.write(stamp, wellFormatted);
    if (!problems.isEmpty()) {
      problems.forEach(System.err::println);
      System.err.println(
          apply
              ? "These files could not be read as Java: correct them first."
              : "To format them: ./trivet format");
      System.exit(1);
    }
  }

  private static List<Path> javaFilesUnder(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (!Files.exists(folder)) {
      return files;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = dir.getFileName() == null ? "" : dir.getFileName().toString();
            return !dir.equals(folder) && (name.equals("target") || name.startsWith("."))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
    return files;
  }

  private static String checksum(Path file, String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue()) + " " + text.length() + " " + file.getFileName();
  }
}
