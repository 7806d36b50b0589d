package io.trivet.daemon.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trivet.cluster.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What only a controller can know about a cluster file.
class LocalCheckTest {
  /// A machine that is described.
  private record Described(
      Set<String> interfaces,
      Set<String> takesV6,
      Map<String, String> addresses,
      Map<String, String> units)
      implements MachineFacts {
    @Override
    public boolean hasInterface(String name) {
      return interfaces.contains(name);
    }

    @Override
    public boolean takesV6(String interfaceName) {
      return takesV6.contains(interfaceName);
    }

    @Override
    public @Nullable String interfaceOf(IpAddress address) {
      return addresses.get(address.toString());
    }

    @Override
    public String loadState(String unit) {
      return units.getOrDefault(unit, "loaded");
    }
  }

  private static final String IN_FORCE =
      """
      trivet: 1
      name: x
      controllers: { c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13 }
      vips:
        public: { address: 10.77.0.100/24, interface: eth0 }
      """;

  private static List<Objection> objections(Described machine, String text) {
    return new LocalCheck("c2", machine).objections(text, IN_FORCE);
  }

  private static Described machine() {
    return new Described(Set.of("eth0"), Set.of(), Map.of("10.77.0.100", "eth0"), Map.of());
  }

  @Test
  void whatIsInForceIsNoObjection() {
    assertEquals(List.of(), objections(machine(), IN_FORCE));
    Described without = new Described(Set.of(), Set.of(), Map.of(), Map.of());
    assertEquals(List.of(), objections(without, IN_FORCE + "# a comment\n"));
  }

  @Test
  void anInterfaceThatIsNotThere() {
    String text = IN_FORCE + "  more: { address: 10.77.0.101/24, interface: eth9 }\n";
    Objection only = objections(machine(), text).getFirst();
    assertEquals(
        "c2: new.yaml:6: there is no interface eth9, which VIP more needs; make it there, or name"
            + " the interface that reaches the VIP's network on every controller",
        only.words("new.yaml"));
  }

  @Test
  void anAddressThatIsSomebodysAndAFamilyThatIsOff() {
    String text =
        IN_FORCE + "  more: { address: [10.77.0.50/24, \"fd77::9/64\"], interface: eth0 }\n";
    Described machine =
        new Described(Set.of("eth0"), Set.of(), Map.of("10.77.0.50", "eth1"), Map.of());
    assertEquals(
        List.of(
            "10.77.0.50 is an address of its interface eth1 already",
            "interface eth0 takes no IPv6 address such as fd77::9"),
        objections(machine, text).stream().map(Objection::what).toList());
  }

  @Test
  void aUnitThatIsNotInstalled() {
    String text = IN_FORCE + "units:\n  cinder-volume: singleton\n";
    Described machine =
        new Described(
            Set.of("eth0"), Set.of(), Map.of(), Map.of("cinder-volume.service", "not-found"));
    Objection only = objections(machine, text).getFirst();
    assertEquals(7, only.line());
    assertEquals("systemd cannot start cinder-volume.service: not-found", only.what());
  }
}
