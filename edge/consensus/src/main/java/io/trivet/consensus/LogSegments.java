package io.trivet.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks through the segments of the log before Ratis opens them, and tells a write that a loss of
/// power tore from damage.
///
/// A record is acknowledged when it is on disk as a whole, so one that power cut off was promised
/// to nobody: it is cut back, and the leader sends it again. Everything else that does not fit its
/// checksum may have been promised, and losing it could undo what a majority agreed on: the storage
/// is refused.
///
/// | in the open segment, from the first record that does not fit on | then |
/// |---|---|
/// | only zeros | the end of the log: a segment is filled with zeros in advance |
/// | a record whose last part, or a whole sector of it, is not written (zeros, or the end of the file), and no good record after it | torn: cut back, with a warning |
/// | a good record somewhere after it | damaged: refused |
/// | a record that is there as a whole | damaged: refused |
///
/// In a closed segment every fault is damage. Format (Ratis, `SegmentedRaftLogFormat`): the header,
/// then for each record its length as a varint, the record, and the CRC-32C of both.
final class LogSegments {
  private static final Logger LOG = LoggerFactory.getLogger(LogSegments.class);
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.UTF_8);
  private static final Pattern CLOSED = Pattern.compile("log_([0-9]{1,18})-([0-9]{1,18})");
  private static final int CHECKSUM_BYTES = 4;

  /// What a disk writes as a whole or not at all.
  private static final int SECTOR_BYTES = 512;

  private final Path file;
  private final byte[] bytes;

  private LogSegments(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /// Looks through all segments in this directory.
  ///
  /// @param advice what to do when one is damaged
  /// @throws StorageUnusable when one is damaged; nothing was changed then
  static void check(Path current, String advice) throws IOException {
    if (Files.notExists(current)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(current)) {
      files =
          all.filter(f -> f.getFileName().toString().matches("log_(inprogress_)?[0-9].*"))
              .filter(f -> !f.getFileName().toString().endsWith(KeptFile.DRAFT))
              .sorted()
              .toList();
    }
    for (Path file : files) {
      boolean open = file.getFileName().toString().startsWith("log_inprogress_");
      new LogSegments(file, Files.readAllBytes(file)).check(open, advice);
    }
  }

  /// Writes the open segment again, from what can be read of it. After a write or a force that
  /// failed, the kernel may show what never reached the disk, and would never say so again
  /// (fsync(2), errors): a member must not count as kept what only its memory holds.
  static void writeAgain(Path current) throws IOException {
    if (Files.notExists(current)) {
      return;
    }
    List<Path> open;
    try (Stream<Path> all = Files.list(current)) {
      open = all.filter(f -> f.getFileName().toString().matches("log_inprogress_[0-9]+")).toList();
    }
    for (Path file : open) {
      KeptFile.write(file, Files.readAllBytes(file));
    }
  }

  private void check(boolean open, String advice) throws IOException {
    int at = Math.min(HEADER.length, bytes.length);
    for (int i = 0; i < at; i++) {
      if (bytes[i] != HEADER[i]) {
        // A segment that was just begun may have no header yet; Ratis removes it.
        if (!zeros(i, bytes.length)) {
          throw damaged(0, "it does not begin as a log does", advice);
        }
        return;
      }
    }
    int good = 0;
    for (int next = goodRecordEnd(at); next > 0; next = goodRecordEnd(at)) {
      at = next;
      good++;
    }
    if (zeros(at, bytes.length)) {
      if (!open && good != entries()) {
        throw damaged(at, "it ends after " + good + " of " + entries() + " records", advice);
      }
      return;
    }
    int after = goodRecordAfter(at);
    if (after >= 0) {
      throw damaged(at, "a record there does not fit its checksum, and good ones follow", advice);
    }
    if (!open) {
      throw damaged(at, "a record there does not fit its checksum", advice);
    }
    if (!torn(at)) {
      throw damaged(
          at, "the last record is there as a whole and does not fit its checksum", advice);
    }
    cut(at, good);
  }

  /// How many a closed segment has, by its name: `log_<first>-<last>`.
  private long entries() {
    Matcher name = CLOSED.matcher(file.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(2)) - Long.parseLong(name.group(1)) + 1 : -1;
  }

  private StorageUnusable damaged(int at, String what, String advice) {
    return new StorageUnusable(file, "it is damaged at byte " + at + ": " + what, advice);
  }

  private void cut(int at, int good) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(at);
      channel.force(true);
    }
    LOG.warn(
        "The last record of {} was torn by a loss of power: cut back at byte {}, after {} good records."
            + " It was not acknowledged to anybody; the leader sends it again",
        file,
        at,
        good);
  }

  /// True if a part of the record that begins here never reached the disk.
  private boolean torn(int at) {
    if (bytes[at] == 0) {
      return true;
    }
    int end = recordEnd(at);
    if (end < 0) {
      return false;
    }
    if (end > bytes.length || zeros(end - 1, bytes.length)) {
      return true;
    }
    int sector = (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
    while (sector + SECTOR_BYTES <= end) {
      if (zeros(sector, sector + SECTOR_BYTES)) {
        return true;
      }
      sector += SECTOR_BYTES;
    }
    return false;
  }

  private boolean zeros(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private int goodRecordAfter(int at) {
    for (int i = at + 1; i < bytes.length; i++) {
      if (bytes[i] != 0 && goodRecordEnd(i) > 0) {
        return i;
      }
    }
    return -1;
  }

  /// Where the record that begins here ends, -1 if none that fits its checksum does.
  private int goodRecordEnd(int at) {
    int end = recordEnd(at);
    if (end < 0 || end > bytes.length) {
      return -1;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, at, end - CHECKSUM_BYTES - at);
    int written = ByteBuffer.wrap(bytes).getInt(end - CHECKSUM_BYTES);
    return (int) checksum.getValue() == written ? end : -1;
  }

  /// Where the record that begins here ends by its own word, perhaps beyond the file; -1 if none
  /// begins here.
  private int recordEnd(int at) {
    long length = 0;
    for (int i = 0; i < 5 && at + i < bytes.length; i++) {
      byte b = bytes[at + i];
      length |= (b & 0x7fL) << (7 * i);
      if (b >= 0) {
        long end = at + i + 1 + length + CHECKSUM_BYTES;
        return length == 0 || length > RatisSettings.RECORD_BYTES_MAX ? -1 : (int) end;
      }
    }
    return at + 1 < bytes.length ? -1 : bytes.length + 1;
  }
}
