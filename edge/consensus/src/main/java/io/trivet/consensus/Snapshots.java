package io.trivet.consensus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.util.MD5FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the snapshots before Ratis opens them. A snapshot counts when its checksum is beside
/// it; the log is cut only after that.
///
/// | the newest snapshot | then |
/// |---|---|
/// | fits its checksum | nothing |
/// | does not, or has none, and an older one or the beginning of the log is there, and no entry is missing after it | taken away; the entries are applied again |
/// | does not, or has none, and entries after the one before it are gone | refused: they were acknowledged |
final class Snapshots {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
  private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.([0-9]{1,18})_([0-9]{1,18})");
  private static final Pattern SEGMENT = Pattern.compile("log_(inprogress_)?([0-9]{1,18})(-.*)?");
  private static final String CHECKSUM = ".md5";

  private record Snapshot(Path file, long index) {}

  private Snapshots() {}

  /// @param folder the snapshots
  /// @param current the segments of the log
  /// @throws StorageUnusable when acknowledged entries are in no file that can be read
  static void check(Path folder, Path current, String advice) throws IOException {
    List<Snapshot> left = new ArrayList<>(all(folder));
    List<Snapshot> bad = new ArrayList<>();
    while (!left.isEmpty() && !fits(left.getLast().file)) {
      bad.add(left.removeLast());
    }
    if (bad.isEmpty()) {
      return;
    }
    long covered = left.isEmpty() ? -1 : left.getLast().index;
    long first = firstEntry(current);
    if (first < 0 || first > covered + 1) {
      throw new StorageUnusable(
          bad.getFirst().file, "the snapshot does not fit its checksum", advice);
    }
    for (Snapshot snapshot : bad) {
      LOG.warn(
          "{} was not finished or is damaged; it is taken away, and the log is applied from entry {}",
          snapshot.file,
          covered + 1);
      Files.deleteIfExists(snapshot.file.resolveSibling(snapshot.file.getFileName() + CHECKSUM));
      Files.delete(snapshot.file);
    }
  }

  private static List<Snapshot> all(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .flatMap(
              file -> {
                Matcher name = SNAPSHOT.matcher(String.valueOf(file.getFileName()));
                return name.matches()
                    ? Stream.of(new Snapshot(file, Long.parseLong(name.group(2))))
                    : Stream.empty();
              })
          .sorted(Comparator.comparingLong(Snapshot::index))
          .toList();
    }
  }

  private static boolean fits(Path file) throws IOException {
    Path checksum = file.resolveSibling(file.getFileName() + CHECKSUM);
    if (Files.notExists(checksum)) {
      return false;
    }
    MD5Hash wanted;
    try {
      wanted = MD5FileUtil.readStoredMd5ForFile(file.toFile());
    } catch (IOException | RuntimeException e) {
      if (Files.isReadable(checksum)) {
        return false;
      }
      throw e;
    }
    return wanted != null && wanted.equals(MD5FileUtil.computeMd5ForFile(file.toFile()));
  }

  /// Index of the first entry in the log; -1 if there is no segment.
  private static long firstEntry(Path current) throws IOException {
    if (Files.notExists(current)) {
      return -1;
    }
    try (Stream<Path> files = Files.list(current)) {
      return files
          .map(file -> SEGMENT.matcher(String.valueOf(file.getFileName())))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(2)))
          .min()
          .orElse(-1);
    }
  }
}
