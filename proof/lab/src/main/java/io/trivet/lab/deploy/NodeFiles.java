package io.trivet.lab.deploy;

import io.trivet.lab.host.LabException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Writes files of a running node, with the owner and mode that they have there. A file that is
/// already so is not touched.
public final class NodeFiles {
  private final Path root;
  private boolean changed;

  /// @param root the node's file system, seen from the machine
  public NodeFiles(Path root) {
    this.root = root;
  }

  /// Whether anything was written.
  public boolean changed() {
    return changed;
  }

  /// A folder, with owner and mode when it is made.
  public void folder(String path, String owner, String mode) throws LabException {
    Path folder = at(path);
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        give(folder, owner, mode);
      }
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /// A file.
  ///
  /// @param owner `user:group`, names of the node
  /// @param mode as `rw-r-----`
  public void file(String path, String content, String owner, String mode) throws LabException {
    file(path, content.getBytes(StandardCharsets.UTF_8), owner, mode);
  }

  public void file(String path, byte[] content, String owner, String mode) throws LabException {
    Path file = at(path);
    try {
      if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
        return;
      }
      Files.createDirectories(file.getParent());
      // Complete or not at all, and never readable for others in between.
      Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(fresh, content);
      give(fresh, owner, mode);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      changed = true;
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /// A text of the lab's jar with its `@NAME@` marks replaced.
  public static String template(String name, Map<String, String> values) throws LabException {
    try (InputStream in = NodeFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new LabException(name + " is missing in the lab's jar");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("@" + value.getKey() + "@", value.getValue());
      }
      return text;
    } catch (IOException e) {
      throw new LabException("cannot read " + name + " in the lab's jar", e);
    }
  }

  /// The lab's cluster file.
  ///
  /// @param timing `fast`, `standard` or `patient`
  public static String clusterFile(String timing) throws LabException {
    return template("cluster.yaml", Map.of("TIMING", timing));
  }

  private Path at(String path) {
    return root.resolve(path.substring(1));
  }

  private void give(Path file, String owner, String mode) throws IOException {
    String[] names = owner.split(":");
    Files.setAttribute(file, "unix:uid", number("etc/passwd", names[0]));
    Files.setAttribute(file, "unix:gid", number("etc/group", names[1]));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  /// The number of a user or group of the node: third field of passwd(5) and group(5).
  private int number(String database, String name) throws IOException {
    List<String> lines = Files.readAllLines(root.resolve(database));
    return lines.stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields[0].equals(name))
        .mapToInt(fields -> Integer.parseInt(fields[2]))
        .findFirst()
        .orElseThrow(() -> new IOException("no " + name + " in /" + database + " of the node"));
  }

  private LabException failure(String path, IOException e) {
    return new LabException("cannot write " + path + " below " + root + ": " + e.getMessage(), e);
  }
}
