package io.trivet.cluster.lease;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.LeaseMessage.Answer;
import io.trivet.cluster.lease.LeaseMessage.Ask;
import io.trivet.cluster.lease.LeaseMessage.Assignments;
import io.trivet.cluster.lease.LeaseMessage.Missing;
import io.trivet.cluster.lease.LeaseMessage.Pulse;
import io.trivet.cluster.lease.LeaseMessage.PulseAck;
import io.trivet.cluster.lease.LeaseMessage.Release;
import io.trivet.cluster.lease.LeaseMessage.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lease messages as bytes.
///
/// | field | bytes |
/// |---|---|
/// | version | 1, now [#VERSION] |
/// | kind | 1: 1 pulse, 2 answer, 3 assignments, 4 missing |
/// | body | the fields of the record in their order; numbers big-endian, 8 bytes |
///
/// A name is one byte of length and ASCII; a list is two bytes of count and its elements; an absent
/// value is a zero byte. Nothing may follow the body of a message of this version. Whatever does
/// not fit is refused with the place and the reason, and the receiver goes on as if it had not
/// come.
///
/// While controllers are upgraded one after another, their versions differ. So a later version may
/// only add kinds of messages, which an earlier one refuses, and fields at the end of a body, which
/// an earlier one does not read; leases must be right without either. What cannot be added so needs
/// another port. Version 1, which had no daemon in its pulses, was never spoken on this port and is
/// refused. Kind 4 came later than the others, within version 2.
public final class LeaseCodec {
  /// The version that is written, and the oldest that is read.
  public static final int VERSION = 2;

  /// The longest message, in bytes: more than the largest that the records allow in practice.
  public static final int MAX_BYTES = 64 * 1024;

  private static final int PULSE = 1;
  private static final int ACK = 2;
  private static final int ASSIGNMENTS = 3;
  private static final int MISSING = 4;

  /// The place of a verdict is its byte.
  private static final List<Verdict> VERDICTS =
      List.of(
          Verdict.GRANTED, Verdict.QUIET, Verdict.NOT_NAMED, Verdict.OLD_EPOCH, Verdict.PROMISED);

  /// What came of reading bytes.
  public sealed interface Decoded {
    /// A message.
    record Understood(LeaseMessage message) implements Decoded {}

    /// Not a message of ours.
    ///
    /// @param offset index of the byte at which reading stopped
    record Refused(int offset, String reason) implements Decoded {}
  }

  private LeaseCodec() {}

  /// The message as bytes.
  ///
  /// @throws IllegalArgumentException when it is longer than [#MAX_BYTES]: the caller has more VIPs
  ///   than a cluster file allows
  public static byte[] encode(LeaseMessage message) {
    ByteBuffer out = ByteBuffer.allocate(sizeOf(message));
    out.put((byte) VERSION);
    switch (message) {
      case Pulse pulse -> {
        out.put((byte) PULSE);
        putName(out, pulse.from());
        out.putLong(pulse.incarnation()).putLong(pulse.daemon());
        out.putLong(pulse.seq()).putLong(pulse.leaseNanos());
        out.putShort((short) pulse.asks().size());
        for (Ask ask : pulse.asks()) {
          putAssignment(out, ask.assignment());
          putFlag(out, ask.holding());
        }
        out.putShort((short) pulse.releases().size());
        for (Release release : pulse.releases()) {
          putAssignment(out, release.assignment());
          out.putLong(release.throughSeq());
        }
      }
      case PulseAck ack -> {
        out.put((byte) ACK);
        putName(out, ack.from());
        out.putLong(ack.incarnation()).putLong(ack.seq());
        out.putShort((short) ack.answers().size());
        for (Answer answer : ack.answers()) {
          putName(out, answer.vip());
          out.put((byte) VERDICTS.indexOf(answer.verdict()));
          putOptionalName(out, answer.promisedTo());
          putFlag(out, answer.holding());
          out.putLong(answer.retryAfterNanos());
          VipAssignment newer = answer.newer();
          putFlag(out, newer != null);
          if (newer != null) {
            putAssignment(out, newer);
          }
        }
      }
      case Assignments told -> {
        out.put((byte) ASSIGNMENTS);
        putName(out, told.from());
        out.putShort((short) told.assignments().size());
        told.assignments().forEach(a -> putAssignment(out, a));
      }
      case Missing missing -> {
        out.put((byte) MISSING);
        putName(out, missing.from());
        out.putLong(missing.incarnation()).putLong(missing.seq());
        out.putShort((short) missing.names().size());
        missing.names().forEach(name -> putName(out, name));
      }
    }
    return out.array();
  }

  /// Reads one message from all bytes of the buffer between position and limit.
  public static Decoded decode(ByteBuffer bytes) {
    ByteBuffer in = bytes.slice();
    try {
      if (in.remaining() > MAX_BYTES) {
        throw new Malformed("longer than " + MAX_BYTES + " bytes");
      }
      int version = octet(in);
      if (version < VERSION) {
        throw new Malformed("version " + version + ", the oldest that is understood is " + VERSION);
      }
      int kind = octet(in);
      LeaseMessage message =
          switch (kind) {
            case PULSE -> pulse(in);
            case ACK -> ack(in);
            case ASSIGNMENTS -> new Assignments(name(in), assignments(in));
            case MISSING -> new Missing(name(in), number(in), number(in), names(in));
            default -> throw new Malformed("kind " + kind + " is unknown");
          };
      if (in.hasRemaining() && version == VERSION) {
        throw new Malformed(in.remaining() + " bytes follow the end");
      }
      return new Decoded.Understood(message);
    } catch (Malformed e) {
      return new Decoded.Refused(in.position(), e.reason);
    } catch (IllegalArgumentException e) {
      return new Decoded.Refused(in.position(), String.valueOf(e.getMessage()));
    }
  }

  // ---- reading

  private static final class Malformed extends Exception {
    final String reason;

    Malformed(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }

  private static Pulse pulse(ByteBuffer in) throws Malformed {
    String from = name(in);
    long incarnation = number(in);
    long daemon = number(in);
    long seq = number(in);
    long lease = number(in);
    List<Ask> asks = new ArrayList<>();
    for (int left = count(in); left > 0; left--) {
      asks.add(new Ask(assignment(in), flag(in)));
    }
    List<Release> releases = new ArrayList<>();
    for (int left = count(in); left > 0; left--) {
      releases.add(new Release(assignment(in), number(in)));
    }
    return new Pulse(from, incarnation, daemon, seq, lease, asks, releases);
  }

  private static PulseAck ack(ByteBuffer in) throws Malformed {
    String from = name(in);
    long incarnation = number(in);
    long seq = number(in);
    List<Answer> answers = new ArrayList<>();
    for (int left = count(in); left > 0; left--) {
      String vip = name(in);
      int verdict = octet(in);
      if (verdict >= VERDICTS.size()) {
        throw new Malformed("verdict " + verdict + " is unknown");
      }
      String promisedTo = flag(in) ? name(in) : null;
      boolean holding = flag(in);
      long retryAfter = number(in);
      VipAssignment newer = flag(in) ? assignment(in) : null;
      answers.add(new Answer(vip, VERDICTS.get(verdict), promisedTo, holding, retryAfter, newer));
    }
    return new PulseAck(from, incarnation, seq, answers);
  }

  private static List<String> names(ByteBuffer in) throws Malformed {
    List<String> names = new ArrayList<>();
    for (int left = count(in); left > 0; left--) {
      names.add(name(in));
    }
    return names;
  }

  private static List<VipAssignment> assignments(ByteBuffer in) throws Malformed {
    List<VipAssignment> assignments = new ArrayList<>();
    for (int left = count(in); left > 0; left--) {
      assignments.add(assignment(in));
    }
    return assignments;
  }

  private static VipAssignment assignment(ByteBuffer in) throws Malformed {
    String vip = name(in);
    long epoch = number(in);
    String holder = flag(in) ? name(in) : null;
    int heirCount = octet(in);
    if (heirCount > VipAssignment.MAX_HEIRS) {
      throw new Malformed(heirCount + " heirs, allowed are " + VipAssignment.MAX_HEIRS);
    }
    List<String> heirs = new ArrayList<>();
    for (int left = heirCount; left > 0; left--) {
      heirs.add(name(in));
    }
    return new VipAssignment(vip, epoch, holder, heirs);
  }

  private static String name(ByteBuffer in) throws Malformed {
    int length = octet(in);
    if (length > VipAssignment.MAX_NAME) {
      throw new Malformed("a name of " + length + " bytes, allowed are " + VipAssignment.MAX_NAME);
    }
    need(in, length);
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static int count(ByteBuffer in) throws Malformed {
    need(in, Short.BYTES);
    int count = Short.toUnsignedInt(in.getShort());
    if (count > LeaseMessage.MAX_VIPS) {
      throw new Malformed("a list of " + count + ", allowed are " + LeaseMessage.MAX_VIPS);
    }
    return count;
  }

  private static boolean flag(ByteBuffer in) throws Malformed {
    int value = octet(in);
    if (value > 1) {
      throw new Malformed("a flag is 0 or 1, not " + value);
    }
    return value == 1;
  }

  private static int octet(ByteBuffer in) throws Malformed {
    need(in, 1);
    return Byte.toUnsignedInt(in.get());
  }

  private static long number(ByteBuffer in) throws Malformed {
    need(in, Long.BYTES);
    return in.getLong();
  }

  private static void need(ByteBuffer in, int bytes) throws Malformed {
    if (in.remaining() < bytes) {
      throw new Malformed(
          "the message ends where "
              + bytes
              + " more bytes belong, "
              + in.remaining()
              + " are there");
    }
  }

  // ---- writing

  private static void putAssignment(ByteBuffer out, VipAssignment assignment) {
    putName(out, assignment.vip());
    out.putLong(assignment.epoch());
    putOptionalName(out, assignment.holder());
    out.put((byte) assignment.heirs().size());
    assignment.heirs().forEach(heir -> putName(out, heir));
  }

  private static void putOptionalName(ByteBuffer out, @Nullable String name) {
    putFlag(out, name != null);
    if (name != null) {
      putName(out, name);
    }
  }

  private static void putName(ByteBuffer out, String name) {
    out.put((byte) name.length());
    out.put(name.getBytes(StandardCharsets.US_ASCII));
  }

  private static void putFlag(ByteBuffer out, boolean flag) {
    out.put((byte) (flag ? 1 : 0));
  }

  private static int sizeOf(LeaseMessage message) {
    int size = 2;
    switch (message) {
      case Pulse pulse -> {
        size += sizeOf(pulse.from()) + 4 * Long.BYTES + 2 * Short.BYTES;
        for (Ask ask : pulse.asks()) {
          size += sizeOf(ask.assignment()) + 1;
        }
        for (Release release : pulse.releases()) {
          size += sizeOf(release.assignment()) + Long.BYTES;
        }
      }
      case PulseAck ack -> {
        size += sizeOf(ack.from()) + 2 * Long.BYTES + Short.BYTES;
        for (Answer answer : ack.answers()) {
          VipAssignment newer = answer.newer();
          size += sizeOf(answer.vip()) + 1 + sizeOfOptional(answer.promisedTo());
          size += 1 + Long.BYTES + 1 + (newer == null ? 0 : sizeOf(newer));
        }
      }
      case Assignments told -> {
        size += sizeOf(told.from()) + Short.BYTES;
        for (VipAssignment assignment : told.assignments()) {
          size += sizeOf(assignment);
        }
      }
      case Missing missing -> {
        size += sizeOf(missing.from()) + 2 * Long.BYTES + Short.BYTES;
        for (String name : missing.names()) {
          size += sizeOf(name);
        }
      }
    }
    if (size > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a message of " + size + " bytes, allowed are " + MAX_BYTES + ": too many VIPs");
    }
    return size;
  }

  private static int sizeOf(VipAssignment assignment) {
    int size = sizeOf(assignment.vip()) + Long.BYTES + sizeOfOptional(assignment.holder()) + 1;
    for (String heir : assignment.heirs()) {
      size += sizeOf(heir);
    }
    return size;
  }

  private static int sizeOfOptional(@Nullable String name) {
    return name == null ? 1 : 1 + sizeOf(name);
  }

  private static int sizeOf(String name) {
    return 1 + name.length();
  }
}
