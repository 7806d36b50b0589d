package io.trivet.linux.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.MalformedReplyException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever arrives: it is understood, or refused as malformed, and nothing else happens.
final class MalformedRepliesTest {
  @Test
  void lengthsThatDoNotFitAreRefused() {
    assertRefused(message(20, 15));
    assertRefused(message(20, 21));
    assertRefused(message(20, -1));
    assertRefused(message(20, Integer.MAX_VALUE));
    assertRefused(message(18, 16));
    assertThrows(
        MalformedReplyException.class,
        () -> Attributes.parse(ByteBuffer.wrap(new byte[] {3, 0, 1, 0})));
    assertThrows(
        MalformedReplyException.class,
        () -> Attributes.parse(ByteBuffer.wrap(new byte[] {9, 0, 1, 0, 0})));
  }

  @Test
  void errorsWithImpossibleValuesAreRefused() throws Exception {
    for (int value : new int[] {1, -4096, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      ByteBuffer payload = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder()).putInt(0, value);
      Message message = new Message(Message.ERROR, 0, 1, payload);
      assertThrows(MalformedReplyException.class, message::errno);
    }
    assertThrows(
        MalformedReplyException.class,
        () -> new Message(Message.ERROR, 0, 1, ByteBuffer.allocate(3)).errno());
    assertEquals(0, new Message(Message.DONE, 0, 1, ByteBuffer.allocate(0)).errno());
  }

  @Test
  void theKernelsSentenceIsFoundOrLeftOut() {
    MessageWriter out = new MessageWriter(128);
    out.u32(-22).bytes(new byte[16]).attribute(1, "no such thing");
    ByteBuffer payload = ByteBuffer.wrap(out.toBytes()).order(ByteOrder.nativeOrder());
    assertEquals("no such thing", new Message(Message.ERROR, 0x300, 1, payload).sentence());
    assertEquals("", new Message(Message.ERROR, 0x100, 1, payload).sentence());
    ByteBuffer cut = payload.slice(0, payload.limit() - 6).order(ByteOrder.nativeOrder());
    assertEquals("", new Message(Message.ERROR, 0x300, 1, cut).sentence());
  }

  @Test
  void noiseNeverEscapesAsAnythingElse() {
    Random random = new Random(20261123);
    int understood = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] noise = new byte[random.nextInt(96)];
      random.nextBytes(noise);
      if (noise.length >= 16 && random.nextBoolean()) {
        ByteBuffer.wrap(noise).order(ByteOrder.nativeOrder()).putInt(0, noise.length);
      }
      try {
        List<Message> messages = Message.parse(ByteBuffer.wrap(noise));
        for (Message message : messages) {
          message.sentence();
          message.attributes(random.nextInt(20));
        }
        understood++;
      } catch (MalformedReplyException e) {
        // refused: as it should be
      }
    }
    assertTrue(understood > 0, "the noise was never even close to a message");
  }

  private static void assertRefused(ByteBuffer datagram) {
    assertThrows(MalformedReplyException.class, () -> Message.parse(datagram));
  }

  private static ByteBuffer message(int octets, int length) {
    return ByteBuffer.allocate(octets).order(ByteOrder.nativeOrder()).putInt(0, length);
  }
}
