package io.trivet.lab.node;

import java.util.List;

/// One machine of the lab.
///
/// @param name host name
/// @param octet the last part of its addresses
/// @param controller whether Trivet runs there
public record Node(String name, int octet, boolean controller) {
  public static final List<Node> CONTROLLERS =
      List.of(new Node("c1", 11, true), new Node("c2", 12, true), new Node("c3", 13, true));
  public static final Node CLIENT = new Node("client", 50, false);

  /// Every node, controllers first.
  public static final List<Node> ALL =
      List.of(CONTROLLERS.get(0), CONTROLLERS.get(1), CONTROLLERS.get(2), CLIENT);

  /// The virtual IP of the lab's cluster file.
  public static final String VIP = "10.77.0.100";

  /// The same for IPv6.
  public static final String VIP6 = "fd77::100";

  /// The address of the switch, which asks for the observer.
  public static final String OBSERVER = "10.77.0.60";

  public String address() {
    return "10.77.0." + octet;
  }

  public String address6() {
    return "fd77::" + octet;
  }

  /// A locally administered address that shows the node's number.
  public String mac() {
    return "02:77:00:00:00:" + octet;
  }

  /// The port of the switch that it is plugged into.
  public String port() {
    return "p-" + name;
  }

  /// The same number for the same node in every lab: systemd wants one, clients of the journal too.
  public String machineId() {
    return "7217e7000000000000000000000000" + octet;
  }

  /// What every node's `/etc/hosts` says.
  public static String hosts() {
    StringBuilder text = new StringBuilder("127.0.0.1 localhost\n::1 localhost ip6-localhost\n");
    for (Node node : ALL) {
      text.append(node.address()).append(' ').append(node.name()).append('\n');
    }
    return text.append(VIP).append(" vip\n").toString();
  }
}
