package io.trivet.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "10.77.0.11, 10.77.0.11",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    // RFC 5952 section 4: leading zeros, the longest run, the first of equal runs, lower case, no
    // :: for one group.
    "2001:0db8::0001, 2001:db8::1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8::ABCD, 2001:db8::abcd",
    "::, ::",
    "::1, ::1",
    "fd77::, fd77::",
    "1:0:0:0:0:0:0:0, 1::",
    // RFC 5952 section 5.
    "::ffff:10.0.0.1, ::ffff:10.0.0.1",
    "::ffff:a00:1, ::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1, 64:ff9b::a00:1",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
  })
  void readsAndWritesCanonically(String text, String canonical) {
    assertEquals(canonical, IpAddress.of(text).toString());
    assertEquals(IpAddress.of(text), IpAddress.of(canonical));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "10", "10.0.0", "10.0.0.0.1", "10.0.0.256", "10.0.0.01", "010.0.0.1", "10.0.0.1 ",
            "10..0.1", ".10.0.1", "10.0.0.",
        "0x0a.0.0.1", "10.0.0.-1", "١.0.0.1", "localhost", "c1", ":", ":::", "1::2::3", "12345::",
            "g::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", ":1", "1:", "fe80::1%eth0", "1.2.3.4::",
            "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:1", "1:2:3:4:5:6:7:1.2.3.4"
      })
  void refusesWhatIsNoAddress(String text) {
    assertNull(IpAddress.parse(text));
    assertThrows(IllegalArgumentException.class, () -> IpAddress.of(text));
  }

  @Test
  void agreesWithTheJdkOnRandomAddresses() throws UnknownHostException {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      for (int b = 0; b < bytes.length; b++) {
        bytes[b] = random.nextInt(3) == 0 ? bytes[b] : 0;
      }
      InetAddress theirs = InetAddress.getByAddress(bytes);
      if (theirs.getAddress().length != bytes.length) {
        continue; // The JDK makes IPv4 of an IPv4-mapped address.
      }
      IpAddress ours = IpAddress.of(theirs.getHostAddress());
      assertArrayEquals(bytes, ours.bytes());
      assertEquals(ours, IpAddress.of(ours.toString()));
      assertEquals(theirs.isLoopbackAddress(), ours.isLoopback());
      assertEquals(theirs.isMulticastAddress(), ours.isMulticast());
      assertEquals(theirs.isLinkLocalAddress(), ours.isLinkLocal());
      assertEquals(theirs.isAnyLocalAddress(), ours.isUnspecified());
    }
  }

  @Test
  void prefixesKnowTheirNetwork() {
    assertEquals("10.77.0.0/24", IpPrefix.of("10.77.0.100/24").network().toString());
    assertEquals("0.0.0.0/0", IpPrefix.of("10.77.0.100/0").network().toString());
    assertEquals("10.77.0.100/32", IpPrefix.of("10.77.0.100/32").network().toString());
    assertEquals("fd77::/64", IpPrefix.of("fd77::100/64").network().toString());
    assertEquals("fd77::100/128", IpPrefix.of("fd77::100/128").network().toString());
    assertEquals("::/0", IpPrefix.of("fd77::100/0").network().toString());
    assertEquals("fd77::8000:0:0:0/65", IpPrefix.of("fd77::ffff:0:0:1/65").network().toString());
    assertTrue(IpPrefix.of("10.77.0.100/24").contains(IpAddress.of("10.77.0.1")));
    assertFalse(IpPrefix.of("10.77.0.100/24").contains(IpAddress.of("10.77.1.1")));
    assertFalse(IpPrefix.of("0.0.0.0/0").contains(IpAddress.of("::1")));
    assertTrue(IpPrefix.of("10.77.0.255/24").isBroadcast());
    assertFalse(IpPrefix.of("10.77.0.255/31").isBroadcast());
    assertFalse(IpPrefix.of("10.77.0.254/24").isBroadcast());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "10.0.0.1/",
        "10.0.0.1/33",
        "10.0.0.1/-1",
        "10.0.0.1/024",
        "10.0.0.1/2 4",
        "::1/129",
        "::1/1000",
        "/24",
        "x/24"
      })
  void refusesWhatIsNoPrefix(String text) {
    assertNull(IpPrefix.parse(text));
  }
}
