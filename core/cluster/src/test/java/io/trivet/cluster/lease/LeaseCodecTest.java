package io.trivet.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.LeaseCodec.Decoded;
import io.trivet.cluster.lease.LeaseMessage.Answer;
import io.trivet.cluster.lease.LeaseMessage.Ask;
import io.trivet.cluster.lease.LeaseMessage.Pulse;
import io.trivet.cluster.lease.LeaseMessage.PulseAck;
import io.trivet.cluster.lease.LeaseMessage.Release;
import io.trivet.cluster.lease.LeaseMessage.Verdict;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeaseCodecTest {
  private static final VipAssignment PUBLIC =
      new VipAssignment("public", 812, "c1", List.of("c2", "c3"));
  private static final VipAssignment INTERNAL = new VipAssignment("internal", 3, null, List.of());
  private static final List<LeaseMessage> MESSAGES =
      List.of(
          new Pulse("c1", Long.MIN_VALUE, Long.MAX_VALUE, 0, 1, List.of(), List.of()),
          new Pulse(
              "c1",
              1_790_000_000_123L,
              0,
              77,
              400_000_000,
              List.of(new Ask(PUBLIC, true), new Ask(INTERNAL, false)),
              List.of(new Release(INTERNAL, 76))),
          new PulseAck("c2", 5, 6, List.of()),
          new PulseAck(
              "c2",
              5,
              6,
              List.of(
                  new Answer("public", Verdict.GRANTED, null, false, 0, null),
                  new Answer("internal", Verdict.PROMISED, "c3", true, 123_456, PUBLIC),
                  new Answer("x", Verdict.QUIET, null, false, 1, null),
                  new Answer("y", Verdict.NOT_NAMED, null, false, 0, null),
                  new Answer("z", Verdict.OLD_EPOCH, null, false, 0, INTERNAL))),
          new LeaseMessage.Assignments("c3", List.of(PUBLIC, INTERNAL)),
          new LeaseMessage.Missing("c3", 5, 6, List.of("c1", "c2")));

  private static Decoded decode(byte[] bytes) {
    return LeaseCodec.decode(ByteBuffer.wrap(bytes));
  }

  @Test
  void whatIsWrittenIsRead() {
    for (LeaseMessage message : MESSAGES) {
      assertEquals(new Decoded.Understood(message), decode(LeaseCodec.encode(message)));
    }
  }

  @Test
  void aPulseIsSmall() {
    assertTrue(LeaseCodec.encode(MESSAGES.get(1)).length < 120);
  }

  @Test
  void everyCutAndEveryAdditionIsRefused() {
    for (LeaseMessage message : MESSAGES) {
      byte[] bytes = LeaseCodec.encode(message);
      for (int length = 0; length < bytes.length; length++) {
        assertInstanceOf(Decoded.Refused.class, decode(Arrays.copyOf(bytes, length)));
      }
      assertInstanceOf(Decoded.Refused.class, decode(Arrays.copyOf(bytes, bytes.length + 1)));
    }
  }

  @Test
  void aRefusalSaysWhatAndWhere() {
    assertEquals(
        new Decoded.Refused(1, "version 1, the oldest that is understood is 2"),
        decode(new byte[] {1, 1}));
    assertEquals(new Decoded.Refused(2, "kind 7 is unknown"), decode(new byte[] {2, 7}));
    assertInstanceOf(Decoded.Refused.class, decode(new byte[LeaseCodec.MAX_BYTES + 1]));
  }

  /// A member of a later version is understood as far as this version goes, while controllers are
  /// upgraded one after another.
  @Test
  void aLaterVersionIsReadWithoutWhatItAdds() {
    for (LeaseMessage message : MESSAGES) {
      byte[] bytes = LeaseCodec.encode(message);
      byte[] later = Arrays.copyOf(bytes, bytes.length + 3);
      later[0] = LeaseCodec.VERSION + 1;
      assertEquals(new Decoded.Understood(message), decode(later));
    }
  }

  /// What an earlier version does not know never takes a lease from it: messages that it reads are
  /// byte for byte as they were when version 2 began.
  @Test
  void theBytesOfVersionTwoStay() {
    String pulse =
        "02010263310000000000000005000000000000000900000000000000070000000017d78400"
            + "00010670"
            + "75626c6963000000000000032c0102633102026332026333010000";
    assertEquals(
        pulse,
        java.util.HexFormat.of()
            .formatHex(
                LeaseCodec.encode(
                    new Pulse(
                        "c1", 5, 9, 7, 400_000_000, List.of(new Ask(PUBLIC, true)), List.of()))));
  }

  /// Whatever bytes come: an answer, no exception, and what is understood is written as it came.
  @Test
  void garbageIsRefusedOrMeansWhatItSays() {
    Random random = new Random(20_261_123);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = LeaseCodec.encode(MESSAGES.get(random.nextInt(MESSAGES.size())));
      if (i % 4 == 0) {
        bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        if (bytes.length > 1) {
          bytes[0] = LeaseCodec.VERSION;
          bytes[1] = (byte) (1 + random.nextInt(4));
        }
      } else {
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      if (decode(bytes) instanceof Decoded.Understood(LeaseMessage message)) {
        assertEquals(new Decoded.Understood(message), decode(LeaseCodec.encode(message)));
      }
    }
  }
}
