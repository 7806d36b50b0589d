package io.trivet.consensus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What power can leave of the last record, and what only damage can, in files written as Ratis
/// writes them.
final class LogSegmentsTest {
  private static final int PREALLOCATED = 16 * 1024;
  private static final int RECORD = 3_000;

  @TempDir Path folder = Path.of("");
  private final Random random = new Random(1);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private int lastBegins;

  @Test
  void aWholeSegmentIsLeftAlone() throws IOException {
    byte[] bytes = segment(3);
    assertArrayEquals(bytes, checked("log_inprogress_0", bytes));
    assertArrayEquals(bytes, checked("log_0-2", bytes));
    byte[] begun = new byte[PREALLOCATED];
    assertArrayEquals(begun, checked("log_inprogress_0", begun), "no header yet");
    assertArrayEquals(new byte[3], checked("log_inprogress_0", new byte[3]));
  }

  @Test
  void whateverLengthOfTheLastRecordReachedTheDiskItIsCutBack() throws IOException {
    byte[] bytes = segment(3);
    byte[] good = Arrays.copyOf(bytes, lastBegins);
    for (int kept = 1; kept < RECORD; kept += 7) {
      byte[] shorter = Arrays.copyOf(bytes, lastBegins + kept);
      assertArrayEquals(good, checked("log_inprogress_0", shorter), "cut after " + kept);
      byte[] zeros = Arrays.copyOf(shorter, PREALLOCATED);
      byte[] left = checked("log_inprogress_0", zeros);
      assertArrayEquals(good, left, "zeros after " + kept);
    }
  }

  @Test
  void aSectorThatWasNotWrittenWhileALaterOneWasIsTornToo() throws IOException {
    byte[] bytes = segment(3);
    byte[] good = Arrays.copyOf(bytes, lastBegins);
    int first = (lastBegins / 512 + 1) * 512;
    byte[] hole = bytes.clone();
    Arrays.fill(hole, first + 512, first + 1024, (byte) 0);
    assertArrayEquals(good, checked("log_inprogress_0", hole));
    byte[] headless = bytes.clone();
    Arrays.fill(headless, lastBegins, first, (byte) 0);
    assertArrayEquals(good, checked("log_inprogress_0", headless));
  }

  @Test
  void aRecordThatWasWholeAndChangedIsRefused() throws IOException {
    byte[] bytes = segment(3);
    for (int i = 0; i < 200; i++) {
      byte[] changed = bytes.clone();
      changed[lastBegins + 10 + random.nextInt(RECORD - 20)] ^= (byte) (1 << random.nextInt(8));
      refused("log_inprogress_0", changed, "it is damaged at byte " + lastBegins + ": the last");
    }
  }

  @Test
  void nothingIsCutWhileAGoodRecordFollows() throws IOException {
    byte[] bytes = segment(2);
    int second = lastBegins;
    byte[] three = segment(3);
    for (int i = 0; i < 200; i++) {
      byte[] changed = three.clone();
      // The length of the record, too: then it seems to reach beyond the next one.
      int at = i < 2 ? second + i : second + random.nextInt(RECORD);
      changed[at] ^= (byte) (1 + random.nextInt(255));
      refused("log_inprogress_0", changed, "good ones follow");
    }
    Arrays.fill(three, second, lastBegins, (byte) 0);
    refused("log_inprogress_0", three, "good ones follow");
    assertTrue(bytes.length == PREALLOCATED);
  }

  @Test
  void aClosedSegmentIsNeverCut() throws IOException {
    byte[] bytes = Arrays.copyOf(segment(3), lastBegins + 100);
    refused("log_0-2", bytes, "it is damaged at byte " + lastBegins);
  }

  @Test
  void anythingElseIsNoLog() throws IOException {
    refused("log_inprogress_0", "not a log".getBytes(StandardCharsets.US_ASCII), "does not begin");
  }

  private byte[] checked(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    LogSegments.check(folder, "ask");
    byte[] left = Files.readAllBytes(file);
    Files.delete(file);
    return left;
  }

  private void refused(String name, byte[] bytes, String why) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    StorageUnusable refusal =
        assertThrows(StorageUnusable.class, () -> LogSegments.check(folder, "ask somebody"));
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("what to do: ask somebody"), refusal.getMessage());
    assertArrayEquals(bytes, Files.readAllBytes(file), "nothing was changed");
    Files.delete(file);
  }

  /// A segment of that many records, filled with zeros.
  private byte[] segment(int records) {
    written.reset();
    written.writeBytes("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    Random content = new Random(7);
    for (int i = 0; i < records; i++) {
      lastBegins = written.size();
      byte[] record = new byte[RECORD];
      content.nextBytes(record);
      record[RECORD - 1] = 1;
      ByteBuffer framed = ByteBuffer.allocate(RECORD + 6);
      framed.put((byte) (RECORD & 0x7f | 0x80)).put((byte) (RECORD >> 7)).put(record);
      CRC32C checksum = new CRC32C();
      checksum.update(framed.array(), 0, RECORD + 2);
      framed.putInt((int) checksum.getValue());
      assertEquals(0, framed.remaining());
      written.writeBytes(framed.array());
    }
    return Arrays.copyOf(written.toByteArray(), PREALLOCATED);
  }
}
