package io.trivet.daemon.units;

import io.trivet.cluster.UnitFence;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.TreeMap;

/// The drop-in files by which systemd knows which units of this controller are fenced: they are on
/// disk, so the guard knows them too before anybody has read a cluster file.
public final class FenceFiles {
  private static final String SUFFIX = ".service.d";
  private static final String SLICE = "Slice=trivet-";

  private final Path systemd;

  /// @param systemd where units of the machine's administrator are: `/etc/systemd/system`
  public FenceFiles(Path systemd) {
    this.systemd = systemd;
  }

  public static FenceFiles standard() {
    return new FenceFiles(Path.of(UnitFence.UNIT_FOLDER));
  }

  /// Resource → its unit, of all units that have such a file.
  public SequencedMap<String, String> all() throws IOException {
    TreeMap<String, String> units = new TreeMap<>();
    if (!Files.isDirectory(systemd)) {
      return units;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(systemd, "*" + SUFFIX)) {
      for (Path folder : folders) {
        String name = String.valueOf(folder.getFileName());
        String unit = name.substring(0, name.length() - ".d".length());
        Path file = file(unit);
        if (Files.exists(file)) {
          String resource = resource(Files.readString(file));
          if (!resource.isEmpty()) {
            units.put(resource, unit);
          }
        }
      }
    }
    return units;
  }

  /// Removes the file of a unit that is fenced no more. systemd has to be told.
  public void remove(String unit) throws IOException {
    Files.deleteIfExists(file(unit));
  }

  private Path file(String unit) {
    return systemd.resolve(unit + ".d").resolve(UnitFence.DROP_IN);
  }

  private static String resource(String text) {
    return text.lines()
        .filter(line -> line.startsWith(SLICE) && line.endsWith(".slice"))
        .map(line -> line.substring(SLICE.length(), line.length() - ".slice".length()))
        .map(name -> name.replace("\\x2d", "-"))
        .findFirst()
        .orElse("");
  }
}
