package io.trivet.cluster.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Each limit: what is at it is accepted, one more is refused with its place and what is allowed.
class LimitsTest {
  private static String file(int controllers, String rest) {
    String members =
        IntStream.rangeClosed(1, controllers)
            .mapToObj(i -> "c" + i + ": 10.0.1." + i)
            .collect(Collectors.joining(", "));
    return "trivet: 1\nname: x\ncontrollers: { " + members + " }\n" + rest;
  }

  /// VIPs of one address each, all with the same further settings.
  private static String vips(int count, String settings) {
    return "vips:\n"
        + IntStream.range(0, count)
            .mapToObj(
                i ->
                    "  v"
                        + i
                        + ": { address: 10.0."
                        + (10 + i / 200)
                        + "."
                        + (1 + i % 200)
                        + "/16, interface: eth0"
                        + settings.replace("#", "" + i)
                        + " }\n")
            .collect(Collectors.joining());
  }

  private static String addresses(int count) {
    return "vips:\n  v: { interface: eth0, address: ["
        + IntStream.range(0, count)
            .mapToObj(i -> "10.0.10." + (i + 1) + "/16")
            .collect(Collectors.joining(", "))
        + "] }\n";
  }

  private static String vip(String address, String further) {
    return file(3, "vips:\n  v: { address: " + address + ", interface: " + further + " }\n");
  }

  private static void accepted(String text) {
    Reading reading = ClusterFileReader.read("f", text);
    assertInstanceOf(Reading.Accepted.class, reading, reading::toString);
  }

  private static void refused(String text, String where, String part) {
    Reading reading = ClusterFileReader.read("f", text);
    Reading.Refused refused = assertInstanceOf(Reading.Refused.class, reading, part);
    List<Problem> errors =
        refused.problems().stream().filter(p -> p.severity() == Problem.Severity.ERROR).toList();
    assertEquals(1, errors.size(), errors::toString);
    assertEquals("f:" + where, errors.getFirst().where());
    assertTrue(errors.getFirst().toString().contains(part), errors::toString);
  }

  @Test
  void controllers() {
    accepted(file(32, ""));
    refused(file(33, ""), "3:1", "at most 32");
    refused(file(35, ""), "3:1", "at most 32");
  }

  @Test
  void vipsOfAFile() {
    accepted(file(3, vips(256, "")));
    refused(file(3, vips(257, "")), "4:1", "at most 256");
  }

  @Test
  void vipsAndControllersTogether() {
    accepted(file(3, vips(256, "")));
    refused(file(31, vips(256, "")).replace("c1:", "a-long-name-of-a-controller:"), "4:1", "bytes");
  }

  private static String fenced(int count) {
    return "units:\n"
        + IntStream.range(0, count)
            .mapToObj(i -> "  u" + i + ": { kind: singleton, fenced-by: network }\n")
            .collect(Collectors.joining());
  }

  /// A unit that the network fences has a lease as a VIP has.
  @Test
  void vipsAndFencedUnitsTogether() {
    accepted(file(3, vips(200, "") + fenced(56)));
    refused(file(3, vips(200, "") + fenced(57)), "4:1", "at most 256 of both together");
    refused(
        file(31, vips(170, "") + fenced(20)).replace("c1:", "a-long-name-of-a-controller:"),
        "4:1",
        "20 units fenced by the network");
  }

  @Test
  void addressesOfOneVip() {
    accepted(file(3, addresses(32)));
    refused(file(3, addresses(33)), "5:25", "at most 32");
  }

  @Test
  void namespacesOfAFile() {
    accepted(file(3, vips(63, ", namespace: n#")));
    refused(file(3, vips(64, ", namespace: n#")), "4:1", "at most 63");
  }

  @Test
  void vipsOfANamespace() {
    accepted(file(3, vips(200, ", namespace: n")));
    refused(file(3, vips(201, ", namespace: n")), "4:1", "at most 200");
  }

  @Test
  void addressesOfANamespace() {
    StringBuilder sixteen = new StringBuilder("vips:\n");
    for (int v = 0; v < 16; v++) {
      sixteen.append("  v").append(v).append(": { interface: eth0, address: [");
      for (int i = 1; i <= 32; i++) {
        sixteen.append(i == 1 ? "10.0." : ", 10.0.").append(10 + v).append('.').append(i);
        sixteen.append("/16");
      }
      sixteen.append("] }\n");
    }
    refused(file(3, sixteen.toString()), "4:1", "at most 500");
  }

  @Test
  void instances() {
    String units =
        "units:\n"
            + IntStream.range(0, 46)
                .mapToObj(i -> "  u" + i + ": clone\n")
                .collect(Collectors.joining());
    refused(file(32, units), "3:1", "at most 1200");
    accepted(file(3, units));
  }

  @Test
  void characters() {
    String comment = "# " + "x".repeat(Limits.CHARACTERS);
    refused(file(3, comment), "1:1", "at most 65536");
  }

  @Test
  void namesAndAddressesThatAreTrivetsOwn() {
    refused(vip("fd74:7269:7665:1::9/64", "eth0"), "5:17", "fd74:7269:7665::/48");
    refused(vip("169.254.78.9/24", "eth0"), "5:17", "link-local");
    refused(vip("10.0.10.1/16", "trivet0"), "5:42", "its own links");
    refused(vip("10.0.1.1/16", "eth0"), "5:17", "already");
    refused(vip("10.0.10.1/7", "eth0"), "5:17", "at least 8");
    refused(vip("10.0.10.1/16", "eth0, namespace: a-with-b"), "5:59", "-with-");
  }

  @Test
  void unitsThatCannotBeStarted() {
    for (String unit : List.of("x.timer", "x@", "trivet-lease", "trivetd", "a.socket.service")) {
      Reading reading =
          ClusterFileReader.read(
              "f", file(3, "units:\n  u: { kind: clone, unit: " + unit + " }\n"));
      assertInstanceOf(Reading.Refused.class, reading, unit);
    }
  }

  @Test
  void anAliasOfTheDatabasesUnit() {
    String services =
        """
        vips: { v: { address: 10.0.10.1/16, interface: eth0 } }
        database: mariadb
        units: { mysql: clone }
        """;
    assertInstanceOf(Reading.Refused.class, ClusterFileReader.read("f", file(3, services)));
  }
}
