package io.trivet.consensus;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The second copy of a file that holds a promise, with a checksum; the file itself is in Ratis'
/// form, which has none.
///
/// The copy is written before the file, and the promise is given after both. So whatever one of the
/// two holds that the other does not was promised to nobody, and either alone is enough:
///
/// | copy | file | then |
/// |---|---|---|
/// | fits its checksum | the same | nothing |
/// | fits its checksum | a vote of a later term, or the only vote of the same term | the copy is written from the file: a version without copies wrote it |
/// | fits its checksum | else differs, cut, empty, missing | the file is written from the copy |
/// | cut, changed, missing | can be read | the copy is written from the file |
/// | cut, changed | cannot be read, missing | refused: what was promised is not known |
/// | missing | missing | never used |
///
/// Form of the copy: `trivet1 `, the CRC-32C of the content (4 bytes, big endian), the content.
final class SecondCopy {
  private static final Logger LOG = LoggerFactory.getLogger(SecondCopy.class);

  static final String VOTE = "raft-meta";
  static final String CONFIGURATION = "raft-meta.conf";

  private static final List<String> NAMES = List.of(VOTE, CONFIGURATION);
  private static final byte[] HEAD = "trivet1 ".getBytes(StandardCharsets.US_ASCII);
  private static final int CONTENT_AT = HEAD.length + Integer.BYTES;

  private final Path file;
  private final Path copy;

  private SecondCopy(Path file, Path copy) {
    this.file = file;
    this.copy = copy;
  }

  /// The copy of `<storage>/<group>/current/<name>` is `<storage>/<name>.copy`; null for a file
  /// that has none.
  static @Nullable SecondCopy of(Path file) {
    if (!NAMES.contains(String.valueOf(file.getFileName()))) {
      return null;
    }
    Path current = file.toAbsolutePath().getParent();
    Path group = current == null ? null : current.getParent();
    Path storage = group == null ? null : group.getParent();
    return storage == null
        ? null
        : new SecondCopy(file, storage.resolve(file.getFileName() + ".copy"));
  }

  void write(byte[] content) throws IOException {
    CRC32C checksum = new CRC32C();
    checksum.update(content);
    KeptFile.write(
        copy,
        ByteBuffer.allocate(CONTENT_AT + content.length)
            .put(HEAD)
            .putInt((int) checksum.getValue())
            .put(content)
            .array());
  }

  boolean exists() {
    return Files.exists(copy);
  }

  /// Puts right what one fault can have done to the two.
  ///
  /// @throws StorageUnusable when neither can be believed
  void reconcile(String advice) throws IOException {
    byte @Nullable [] raw = read(copy);
    byte @Nullable [] promised = raw == null ? null : content(raw);
    byte @Nullable [] there = read(file);
    if (promised != null && !laterVote(there, promised)) {
      if (!Arrays.equals(promised, there)) {
        LOG.warn(
            "{} {}; it is written again from its second copy {}",
            file,
            there == null ? "is missing" : "is not what was written last",
            copy);
        KeptFile.write(file, promised);
      }
      return;
    }
    if (there != null && plausible(there)) {
      if (raw != null && promised == null) {
        LOG.warn("{} is damaged; it is written again from {}", copy, file);
      }
      write(there);
      return;
    }
    if (there != null || raw != null) {
      throw new StorageUnusable(
          file,
          (there == null ? "it is missing" : there.length == 0 ? "it is empty" : "it is damaged")
              + ", and its second copy "
              + copy
              + (raw == null ? " is missing" : " is damaged"),
          advice);
    }
  }

  private boolean plausible(byte[] bytes) {
    return isVote() ? vote(bytes) != null : bytes.length > 0;
  }

  private boolean isVote() {
    return String.valueOf(file.getFileName()).equals(VOTE);
  }

  /// To remember a vote that was perhaps not given is safe, to forget one is not.
  private boolean laterVote(byte @Nullable [] there, byte[] promised) {
    Vote file = there == null || !isVote() ? null : vote(there);
    Vote copy = file == null ? null : vote(promised);
    return file != null
        && copy != null
        && (file.term > copy.term
            || (file.term == copy.term && copy.given.isEmpty() && !file.given.isEmpty()));
  }

  private record Vote(long term, String given) {}

  /// Null if these bytes are no vote as Ratis writes one.
  private static @Nullable Vote vote(byte[] bytes) {
    // The last line ends where Ratis ended it: a name cut in the middle would still be a name.
    if (bytes.length == 0 || bytes[bytes.length - 1] != '\n') {
      return null;
    }
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
    String term = properties.getProperty("term", "");
    String given = properties.getProperty("votedFor");
    return term.matches("[0-9]{1,18}") && given != null
        ? new Vote(Long.parseLong(term), given)
        : null;
  }

  private static byte @Nullable [] content(byte[] raw) {
    if (raw.length < CONTENT_AT || !Arrays.equals(Arrays.copyOf(raw, HEAD.length), HEAD)) {
      return null;
    }
    byte[] content = Arrays.copyOfRange(raw, CONTENT_AT, raw.length);
    CRC32C checksum = new CRC32C();
    checksum.update(content);
    return (int) checksum.getValue() == ByteBuffer.wrap(raw).getInt(HEAD.length) ? content : null;
  }

  private static byte @Nullable [] read(Path path) throws IOException {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
