package io.trivet.lab.node;

import io.trivet.lab.host.Command;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The switch between the nodes: a bridge in a network namespace that has no other way out. Its
/// namespace is a mount in the lab's own folder, so nothing of it shows in the machine.
public final class Switch {
  private static final String BRIDGE = "br0";

  /// The Ethernet address of the switch itself.
  public static final String MAC = "02:77:00:00:00:60";

  /// The Ethernet address of a station that has no business here.
  public static final String STRANGER_MAC = "02:77:00:00:00:66";

  private static final String STRANGER_PORT = "p-stranger";

  private final LabHome home;

  public Switch(LabHome home) {
    this.home = home;
  }

  /// Whether it is there.
  public boolean exists() {
    return Command.of("nsenter", "--net=" + home.switchNamespace(), "true").succeeds();
  }

  /// Makes the memory file system for the lab's run, the namespace and the bridge, unless they are
  /// there.
  public void create() throws LabException {
    Path run = home.run();
    try {
      Files.createDirectories(run);
      if (!Command.of("mountpoint", "-q", run.toString()).succeeds()) {
        Command.of("mount", "-t", "tmpfs", "-o", "mode=700", "trivet-lab", run.toString()).check();
        // a namespace can only be mounted on a private mount (unshare(1))
        Command.of("mount", "--make-private", run.toString()).check();
      }
      if (!exists()) {
        Files.deleteIfExists(home.switchNamespace());
        Files.createFile(home.switchNamespace());
        Command.of("unshare", "--net=" + home.switchNamespace(), "true").check();
      }
    } catch (IOException e) {
      throw new LabException("cannot make the switch in " + run + ": " + e.getMessage(), e);
    }
    if (!enter("ip", "link", "show", BRIDGE).succeeds()) {
      ip(
          List.of(
              "link set lo up",
              "link add " + BRIDGE + " address " + MAC + " type bridge mcast_snooping 0",
              "link set " + BRIDGE + " up",
              "addr add " + Node.OBSERVER + "/24 dev " + BRIDGE));
    }
  }

  /// Plugs a node in: a cable from the switch to the network namespace of the node's first process.
  public void plug(Node node, long leaderPid) throws LabException {
    if (enter("ip", "link", "show", node.port()).succeeds()) {
      enter("ip", "link", "del", node.port()).check();
    }
    ip(
        List.of(
            "link add " + node.port() + " type veth peer name eth0 netns " + leaderPid,
            "link set " + node.port() + " master " + BRIDGE + " up"));
    List<String> inside = new ArrayList<>();
    inside.add("link set lo up");
    inside.add("link set eth0 address " + node.mac() + " up");
    inside.add("addr add " + node.address() + "/24 dev eth0");
    inside.add("addr add " + node.address6() + "/64 dev eth0 nodad");
    Command.of("nsenter", "-t", Long.toString(leaderPid), "-n", "ip", "-batch", "-")
        .input(String.join("\n", inside) + "\n")
        .check();
  }

  /// Pulls the cable (the node sees its carrier go), or plugs it in again.
  public void cable(Node node, boolean plugged) throws LabException {
    ip(List.of("link set " + node.port() + (plugged ? " up" : " down")));
  }

  /// Makes the switch forward nothing from and to the node, with its carrier as before; or ends
  /// that. The state of a bridge port: 0 disabled, 3 forwarding (bridge(8)).
  public void forward(Node node, boolean forwards) throws LabException {
    enter("bridge", "link", "set", "dev", node.port(), "state", forwards ? "3" : "0").check();
  }

  /// Plugs in a station that has the VIP's addresses, says so to everybody when it comes, and
  /// answers whoever asks.
  public void plugStranger() throws LabException {
    unplugStranger();
    Path namespace = strangerNamespace();
    try {
      Files.createFile(namespace);
    } catch (IOException e) {
      throw new LabException("cannot make " + namespace + ": " + e.getMessage(), e);
    }
    Command.of("unshare", "--net=" + namespace, "true").check();
    ip(
        List.of(
            "link add " + STRANGER_PORT + " type veth peer name eth0 netns " + namespace,
            "link set " + STRANGER_PORT + " master " + BRIDGE + " up"));
    inStranger("sysctl", "-q", "-w", "net.ipv4.conf.all.arp_notify=1").check();
    inStranger("sysctl", "-q", "-w", "net.ipv6.conf.all.ndisc_notify=1").check();
    inStranger("ip", "-batch", "-")
        .input(
            String.join(
                "\n",
                "link set eth0 address " + STRANGER_MAC,
                "addr add " + Node.VIP + "/24 dev eth0",
                "addr add " + Node.VIP6 + "/64 dev eth0 nodad",
                "link set eth0 up",
                ""))
        .check();
  }

  /// Takes it away, if it is there.
  public void unplugStranger() throws LabException {
    if (enter("ip", "link", "show", STRANGER_PORT).succeeds()) {
      ip(List.of("link del " + STRANGER_PORT));
    }
    Path namespace = strangerNamespace();
    if (Command.of("mountpoint", "-q", namespace.toString()).succeeds()) {
      Command.of("umount", namespace.toString()).check();
    }
    try {
      Files.deleteIfExists(namespace);
    } catch (IOException e) {
      throw new LabException("cannot remove " + namespace + ": " + e.getMessage(), e);
    }
  }

  private Path strangerNamespace() {
    return home.run().resolve("stranger");
  }

  private Command inStranger(String... arguments) {
    List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + strangerNamespace()));
    all.addAll(List.of(arguments));
    return new Command(all);
  }

  /// Undoes every fault of the network at a node that is plugged in.
  public void repair(Node node) throws LabException {
    if (enter("ip", "link", "show", node.port()).succeeds()) {
      cable(node, true);
      forward(node, true);
    }
  }

  /// Removes namespace and memory file system.
  public void remove() throws LabException {
    Path run = home.run();
    if (exists()) {
      unplugStranger();
    }
    if (Command.of("mountpoint", "-q", home.switchNamespace().toString()).succeeds()) {
      Command.of("umount", home.switchNamespace().toString()).check();
    }
    if (Command.of("mountpoint", "-q", run.toString()).succeeds()) {
      Command.of("umount", run.toString()).check();
    }
  }

  /// A command in the namespace of the switch.
  public Command enter(String... arguments) {
    List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + home.switchNamespace()));
    all.addAll(List.of(arguments));
    return new Command(all);
  }

  private void ip(List<String> lines) throws LabException {
    enter("ip", "-batch", "-").input(String.join("\n", lines) + "\n").check();
  }
}
