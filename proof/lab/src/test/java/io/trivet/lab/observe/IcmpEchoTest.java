package io.trivet.lab.observe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class IcmpEchoTest {
  @Test
  void aRequestIsAWholeFrameWithBothChecksums() throws UnknownHostException {
    byte[] frame =
        IcmpEcho.request(
            MacAddress.parse("02:77:00:00:00:11"),
            MacAddress.parse("02:77:00:00:00:60"),
            address("10.77.0.60"),
            address("10.77.0.100"),
            0x7674,
            1);
    // Computed by hand from RFC 791 and RFC 792.
    String expected =
        "0277000000110277000000600800"
            + "45000024000140004001259f0a4d003c0a4d0064"
            + "0800818a767400010000000000000000";
    assertArrayEquals(HexFormat.of().parseHex(expected), frame);
    assertTrue(IcmpEcho.isFrom(frame, address("10.77.0.60").getAddress()));
    assertFalse(IcmpEcho.isFrom(frame, address("10.77.0.100").getAddress()));
    assertFalse(IcmpEcho.isSynAckFromPort(frame, 5000));
  }

  @Test
  void onlyASegmentWithBothFlagsFromThatPortIsASynAck() {
    byte[] frame = new byte[14 + 20 + 20];
    frame[14] = 0x45;
    frame[14 + 9] = 6;
    frame[34] = 5000 >> 8;
    frame[35] = (byte) (5000 & 0xff);
    frame[34 + 13] = 0x12;
    assertTrue(IcmpEcho.isSynAckFromPort(frame, 5000));
    assertFalse(IcmpEcho.isSynAckFromPort(frame, 3306));
    frame[34 + 13] = 0x14; // a reset: the port is closed
    assertFalse(IcmpEcho.isSynAckFromPort(frame, 5000));
  }

  private static Inet4Address address(String text) throws UnknownHostException {
    return (Inet4Address) InetAddress.getByName(text);
  }
}
