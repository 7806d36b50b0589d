package io.trivet.lab.drill;

import io.trivet.lab.host.LabException;
import io.trivet.lab.node.ClusterStatus;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import io.trivet.lab.node.Switch;
import io.trivet.lab.node.Trivet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes faults, and undoes them.
public final class Faults {
  static final String DAEMON = "trivetd.service";
  static final String LEASES = "trivet-leases.service";
  private static final List<String> MAY_HANG =
      List.of(
          "trivet-haproxy.service",
          "mariadb.service",
          "rabbitmq-server.service",
          "keystone.service");

  /// As the lab's cluster file has it.
  private static final String NAMESPACE = "vip";

  private static final String VIP = "10.77.0.100/32";
  private static final String VIP6 = "fd77::100/128";
  private static final String VIP_LINK = "vip-eth0";

  private final Nodes nodes;
  private final Switch network;
  private final Trivet trivet;
  private final PowerOn powerOn;
  private final AppliedFiles applied;
  private final SmallDisks disks;

  /// Switches nodes on.
  @FunctionalInterface
  public interface PowerOn {
    void boot(List<Node> nodes) throws LabException;
  }

  public Faults(Nodes nodes, Switch network, Trivet trivet, PowerOn powerOn) {
    this.nodes = nodes;
    this.network = network;
    this.trivet = trivet;
    this.powerOn = powerOn;
    applied = new AppliedFiles(nodes, trivet);
    disks = new SmallDisks(nodes, trivet);
  }

  /// Makes the controllers so that the fault can be made there; healthy when it returns.
  void prepare(Fault fault) throws LabException {
    if (fault.needsSmallDisks()) {
      disks.make();
    }
  }

  /// Takes back what [#prepare] did.
  void clean(Fault fault) throws LabException {
    if (fault.needsSmallDisks()) {
      disks.remove();
    }
  }

  /// Makes a fault at a controller.
  ///
  /// @param at ignored by [Fault#FULL_OUTAGE] and [Fault#STRANGER]
  public void make(Fault fault, Node at) throws LabException {
    switch (fault) {
      case POWER_OFF, POWER_OFF_WRITER -> nodes.powerOff(at);
      case CABLE -> network.cable(at, false);
      case SILENT_CUT -> network.forward(at, false);
      case FREEZE_NODE -> nodes.freeze(at, true);
      case FREEZE_DAEMON -> signal(at, DAEMON, "STOP");
      case KILL_DAEMON -> signal(at, DAEMON, "KILL");
      case KILL_DAEMONS_ALL -> killEverywhere(DAEMON);
      case KILL_ALL -> {
        for (Node node : Node.CONTROLLERS) {
          signal(node, DAEMON, "KILL");
          signal(node, LEASES, "KILL");
        }
      }
      case DISK_FULL -> disks.fill(List.of(at));
      case DISK_FULL_ALL -> disks.fill(Node.CONTROLLERS);
      case APPLY_IMPOSSIBLE -> applied.impossible(at, next(at));
      case FREEZE_LEASES -> signal(at, LEASES, "STOP");
      case KILL_LEASES -> signal(at, LEASES, "KILL");
      case KILL_LEASES_ALL -> killEverywhere(LEASES);
      case KILL_HAPROXY -> signalUnit(at, "KILL", "trivet-haproxy.service");
      case KILL_MARIADB -> signalUnit(at, "KILL", "mariadb.service");
      case KILL_RABBITMQ -> signalUnit(at, "KILL", "rabbitmq-server.service");
      case HANG_HAPROXY -> signalUnit(at, "STOP", "trivet-haproxy.service");
      case HANG_MARIADB -> signalUnit(at, "STOP", "mariadb.service");
      case HANG_RABBITMQ -> signalUnit(at, "STOP", "rabbitmq-server.service");
      case HANG_KEYSTONE -> signalUnit(at, "STOP", "keystone.service");
      case NFT_FLUSH -> inside(at, "nft", "flush", "ruleset");
      case MASQUERADE_LOST -> nodes.command(at, "nft", "flush", "ruleset").check();
      case ADDRESS_DELETED -> {
        inside(at, "ip", "address", "delete", VIP, "dev", VIP_LINK);
        inside(at, "ip", "address", "delete", VIP6, "dev", VIP_LINK);
      }
      case LINK_DOWN -> inside(at, "ip", "link", "set", VIP_LINK, "down");
      case LINK_DELETED -> inside(at, "ip", "link", "delete", VIP_LINK);
      case NAMESPACE_DELETED -> nodes.command(at, "ip", "netns", "delete", NAMESPACE).check();
      case STRANGER -> network.plugStranger();
      case PLANNED_MOVE -> moveVipFrom(at);
      case APPLY_COMMENT -> applied.comment(at);
      case APPLY_VIP -> applied.vip(at);
      case APPLY_TIMING -> applied.timings(at);
      case FULL_OUTAGE -> {
        for (Node node : Node.CONTROLLERS) {
          nodes.powerOff(node);
        }
      }
    }
  }

  /// Undoes a fault that does not end by itself.
  public void undo(Fault fault, Node at) throws LabException {
    switch (fault) {
      case POWER_OFF, POWER_OFF_WRITER -> powerOn.boot(List.of(at));
      case CABLE -> network.cable(at, true);
      case SILENT_CUT -> network.forward(at, true);
      case FREEZE_NODE -> nodes.freeze(at, false);
      case FREEZE_DAEMON -> signal(at, DAEMON, "CONT");
      case FREEZE_LEASES -> signal(at, LEASES, "CONT");
      case DISK_FULL -> disks.free(List.of(at));
      case DISK_FULL_ALL -> disks.free(Node.CONTROLLERS);
      case APPLY_IMPOSSIBLE -> applied.checkTakenBack(at, next(at));
      case KILL_ALL,
          KILL_DAEMON,
          KILL_DAEMONS_ALL,
          KILL_LEASES,
          KILL_LEASES_ALL,
          KILL_HAPROXY,
          KILL_MARIADB,
          KILL_RABBITMQ,
          PLANNED_MOVE -> {}
      case NFT_FLUSH,
          MASQUERADE_LOST,
          ADDRESS_DELETED,
          LINK_DOWN,
          LINK_DELETED,
          NAMESPACE_DELETED -> {} // Trivet puts it right
      case STRANGER -> network.unplugStranger();
      case APPLY_COMMENT, APPLY_VIP, APPLY_TIMING -> applied.original(at);
      case HANG_HAPROXY, HANG_MARIADB, HANG_RABBITMQ, HANG_KEYSTONE -> {}
      case FULL_OUTAGE -> powerOn.boot(Node.CONTROLLERS);
    }
  }

  /// Runs a program in the namespace of the VIP.
  private void inside(Node at, String... command) throws LabException {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", NAMESPACE));
    words.addAll(List.of(command));
    nodes.command(at, words.toArray(String[]::new)).check();
  }

  /// Undoes every fault that there may be, on every controller.
  public void undoAll() throws LabException {
    network.unplugStranger();
    powerOn.boot(Node.CONTROLLERS.stream().filter(node -> !nodes.running(node)).toList());
    disks.remove();
    for (Node node : Node.CONTROLLERS) {
      nodes.freeze(node, false);
      network.repair(node);
      signal(node, DAEMON, "CONT");
      signal(node, LEASES, "CONT");
      for (String unit : MAY_HANG) {
        // Fails where it does not run, and then there is nothing to undo.
        var _ = nodes.command(node, "systemctl", "kill", "--signal=CONT", unit).succeeds();
      }
    }
  }

  private void signal(Node at, String unit, String signal) throws LabException {
    // The control process may be another one by now: only the main process is meant.
    boolean sent =
        nodes
            .command(at, "systemctl", "kill", "--kill-who=main", "--signal=" + signal, unit)
            .succeeds();
    if (!sent && !signal.equals("CONT")) {
      throw new LabException(unit + " does not run on " + at.name());
    }
  }

  private void killEverywhere(String unit) throws LabException {
    for (Node node : Node.CONTROLLERS) {
      signal(node, unit, "KILL");
    }
  }

  private void signalUnit(Node at, String signal, String unit) throws LabException {
    nodes.command(at, "systemctl", "kill", "--signal=" + signal, unit).check();
  }

  private void moveVipFrom(Node holder) throws LabException {
    moveVip(holder, next(holder).name());
  }

  private static Node next(Node after) {
    return Node.CONTROLLERS.get((Node.CONTROLLERS.indexOf(after) + 1) % Node.CONTROLLERS.size());
  }

  /// Moves the VIP to a controller by an operator's command.
  ///
  /// @param on where the command is given
  public void moveVip(Node on, String to) throws LabException {
    Optional<ClusterStatus.HeldVip> vip =
        trivet.status(Optional.empty()).flatMap(ClusterStatus::vip);
    if (vip.isEmpty()) {
      throw new LabException("no controller says which VIPs there are");
    }
    trivet.command(on, List.of("resource", "move", vip.get().name(), to)).check();
  }
}
