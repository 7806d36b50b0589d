package io.trivet.services.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What only a controller can know about a cluster file.
class LocalCheckTest {
  private static final String IN_FORCE =
      """
      trivet: 1
      name: x
      controllers: { c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13 }
      vips:
        public: { address: 10.77.0.100/24, interface: eth0 }
      """;

  private static List<Objection> objections(MachineFacts machine, String text) {
    return LocalCheck.objections("c2", text, IN_FORCE, machine);
  }

  /// A machine with eth0, which takes no IPv6.
  private static MachineFacts machine(String address, String has) {
    return new MachineFacts(
        new TreeMap<>(Map.of("eth0", false)), new TreeMap<>(Map.of(address, has)), new TreeMap<>());
  }

  @Test
  void whatIsInForceIsNoObjection() {
    assertEquals(List.of(), objections(machine("10.77.0.100", "eth0"), IN_FORCE));
    MachineFacts without = new MachineFacts(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    assertEquals(List.of(), objections(without, IN_FORCE + "# a comment\n"));
  }

  @Test
  void anInterfaceThatIsNotThere() {
    String text = IN_FORCE + "  more: { address: 10.77.0.101/24, interface: eth9 }\n";
    Objection only = objections(machine("10.77.0.100", "eth0"), text).getFirst();
    assertEquals(
        "c2: new.yaml:6: there is no interface eth9, which VIP more needs; make it there, or name"
            + " the interface that reaches the VIP's network on every controller",
        only.words("new.yaml"));
  }

  @Test
  void anAddressThatIsSomebodysAndAFamilyThatIsOff() {
    String text =
        IN_FORCE + "  more: { address: [10.77.0.50/24, \"fd77::9/64\"], interface: eth0 }\n";
    assertEquals(
        List.of(
            "10.77.0.50 is an address of its interface eth1 already",
            "interface eth0 takes no IPv6 address such as fd77::9"),
        objections(machine("10.77.0.50", "eth1"), text).stream().map(Objection::what).toList());
  }

  @Test
  void aUnitThatIsNotInstalled() {
    String text = IN_FORCE + "units:\n  cinder-volume: singleton\n";
    assertEquals(Set.of("cinder-volume.service"), LocalCheck.units("c2", text, IN_FORCE));
    MachineFacts machine =
        new MachineFacts(
            new TreeMap<>(Map.of("eth0", false)),
            new TreeMap<>(),
            new TreeMap<>(Map.of("cinder-volume.service", "not-found")));
    Objection only = objections(machine, text).getFirst();
    assertEquals(7, only.line());
    assertEquals("systemd cannot start cinder-volume.service: not-found", only.what());
  }
}
