package io.trivet.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.zip.CRC32;

/// The one folder of a lab and the names that derive from it. Everything that the lab keeps is
/// below it; a second lab with another home does not meet the first.
///
/// @param root the folder, absolute
public record LabHome(Path root) {
  /// Where a lab lives unless `TRIVET_LAB_HOME` says otherwise.
  public static final Path DEFAULT = Path.of("/var/lib/trivet-lab");

  public LabHome {
    root = root.toAbsolutePath().normalize();
  }

  /// The home that the environment names, else [#DEFAULT].
  public static LabHome of(Map<String, String> environment) {
    String named = environment.get("TRIVET_LAB_HOME");
    return new LabHome(named == null || named.isBlank() ? DEFAULT : Path.of(named));
  }

  /// Built images, one folder for each recipe.
  public Path images() {
    return root.resolve("image");
  }

  /// A memory file system of the lab: process numbers and the namespace of the switch. A reboot of
  /// the machine empties it, as it ends what it speaks of.
  public Path run() {
    return root.resolve("run");
  }

  /// The network namespace of the switch, a mount.
  public Path switchNamespace() {
    return run().resolve("switch");
  }

  /// What belongs to one node: its disk (an overlay over the image).
  public Path node(String name) {
    return root.resolve("nodes").resolve(name);
  }

  /// Passwords, keys and certificates of this lab, readable for its owner only.
  public Path secrets() {
    return root.resolve("secrets");
  }

  /// Console output of the nodes and of the image build.
  public Path logs() {
    return root.resolve("log");
  }

  /// Measured drills, one JSON file each.
  public Path drills() {
    return root.resolve("drills");
  }

  /// The name of the control groups of this lab.
  public String controlGroup() {
    if (root.equals(DEFAULT)) {
      return "trivet-lab";
    }
    CRC32 sum = new CRC32();
    sum.update(root.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return "trivet-lab-" + Long.toHexString(sum.getValue());
  }

  /// Makes the folders that are needed before anything else.
  public void create() {
    try {
      for (Path folder : new Path[] {root, images(), logs(), drills(), root.resolve("nodes")}) {
        Files.createDirectories(folder);
      }
      if (!Files.isDirectory(secrets())) {
        Files.createDirectory(
            secrets(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
