package io.trivet.lab.node;

import io.trivet.lab.host.Command;
import io.trivet.lab.host.ControlGroups;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import io.trivet.lab.host.Pause;
import io.trivet.lab.host.ProcessRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The nodes as machines: booting them, cutting their power, running something on them.
///
/// A node is a process of systemd-nspawn in a control group of its own; its *leader* is the first
/// process of its PID namespace. Numbers of both are kept with start times, in the lab's memory
/// file system.
public final class Nodes {
  private static final long BOOT_TIMEOUT_NANOS = 30_000_000_000L;

  private final LabHome home;
  private final ControlGroups groups;
  private final Switch network;

  public Nodes(LabHome home, ControlGroups groups, Switch network) {
    this.home = home;
    this.groups = groups;
    this.network = network;
  }

  /// The first process of the node, while the node has power.
  public Optional<ProcessRef> leader(Node node) {
    return ProcessRef.load(leaderFile(node)).filter(ProcessRef::alive);
  }

  public boolean running(Node node) {
    return leader(node).isPresent();
  }

  /// Switches the node on and waits until its systemd is up. A node that runs is left alone.
  ///
  /// @param image the folder under the node's overlay
  public void boot(Node node, Path image) throws LabException {
    if (running(node)) {
      return;
    }
    groups.remove(node.name());
    Path folder = home.node(node.name());
    Path pidFile = home.run().resolve(node.name() + ".pid");
    Path console = home.logs().resolve(node.name() + ".console");
    try {
      prepareDisk(node, folder);
      Files.deleteIfExists(pidFile);
      List<String> arguments =
          new ArrayList<>(
              List.of("setsid", "--fork", "unshare", "--mount", "--propagation=private"));
      arguments.addAll(List.of("sh", "-c", bootScript(), "boot-node"));
      arguments.addAll(
          List.of(pidFile.toString(), folder.toString(), image.toString(), node.name()));
      groups.of(node.name()).forEach(group -> arguments.add(group.toString()));
      new Command(arguments)
          .onlyVariables(Map.of("PATH", Command.SYSTEM_PATH))
          .builder()
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()))
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new LabException("cannot boot " + node.name() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
    ProcessRef leader = awaitLeader(node, pidFile, console);
    leader.save(leaderFile(node));
    network.plug(node, leader.pid());
    awaitSystemd(node, console);
  }

  /// Cuts the power: the cable first, because a dying kernel still says goodbye to its peers, then
  /// every process at once. What was written stays on the disk.
  public void powerOff(Node node) throws LabException {
    Optional<ProcessRef> leader = leader(node);
    if (leader.isEmpty()) {
      return;
    }
    network.cable(node, false);
    leader.get().kill();
  }

  /// Cuts the power, if there is any, and removes what is left of the running node; not its disk.
  public void off(Node node) throws LabException {
    if (network.exists()) {
      powerOff(node);
    }
    ProcessRef.load(leaderFile(node)).ifPresent(ProcessRef::kill);
    groups.remove(node.name());
    try {
      Files.deleteIfExists(leaderFile(node));
    } catch (IOException e) {
      throw new LabException("cannot remove " + leaderFile(node) + ": " + e.getMessage(), e);
    }
  }

  /// Stops all processes of the node where they are, or lets them go on.
  public void freeze(Node node, boolean frozen) throws LabException {
    groups.freeze(node.name(), frozen);
  }

  /// A command on the node, as root, with a plain environment.
  ///
  /// @throws LabException when the node has no power
  public Command command(Node node, List<String> arguments) throws LabException {
    ProcessRef leader =
        leader(node)
            .orElseThrow(
                () ->
                    new LabException(
                        node.name()
                            + " is not running; './trivet lab up' starts it, './trivet lab status'"
                            + " shows all"));
    List<String> all =
        new ArrayList<>(
            List.of(
                "nsenter", "-t", Long.toString(leader.pid()), "-m", "-u", "-i", "-n", "-p", "-C"));
    all.addAll(arguments);
    return new Command(all).onlyVariables(variables());
  }

  public Command command(Node node, String... arguments) throws LabException {
    return command(node, List.of(arguments));
  }

  /// The node's file system as a folder of the machine, while the node has power.
  public Path files(Node node) throws LabException {
    ProcessRef leader =
        leader(node).orElseThrow(() -> new LabException(node.name() + " is not running"));
    return Path.of("/proc", Long.toString(leader.pid()), "root");
  }

  private static Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PATH", Command.SYSTEM_PATH);
    variables.put("HOME", "/root");
    variables.put("LANG", "C.UTF-8");
    variables.put("OS_CLOUD", "lab");
    String terminal = System.getenv("TERM");
    variables.put("TERM", terminal == null ? "dumb" : terminal);
    return variables;
  }

  private Path leaderFile(Node node) {
    return home.run().resolve(node.name() + ".leader");
  }

  private static void prepareDisk(Node node, Path folder) throws IOException {
    for (String each : new String[] {"upper/etc", "work", "root"}) {
      Files.createDirectories(folder.resolve(each));
    }
    Path etc = folder.resolve("upper/etc");
    Files.writeString(etc.resolve("hostname"), node.name() + "\n");
    Files.writeString(etc.resolve("hosts"), Node.hosts());
    Files.writeString(etc.resolve("machine-id"), node.machineId() + "\n");
  }

  private static String bootScript() throws IOException {
    try (InputStream in = Nodes.class.getResourceAsStream("boot-node.sh")) {
      if (in == null) {
        throw new IOException("boot-node.sh is missing in the lab's jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static ProcessRef awaitLeader(Node node, Path pidFile, Path console) throws LabException {
    long deadline = System.nanoTime() + BOOT_TIMEOUT_NANOS;
    while (System.nanoTime() < deadline) {
      Optional<ProcessRef> leader = childCalledSystemd(pidFile);
      if (leader.isPresent()) {
        return leader.get();
      }
      Pause.millis(5);
    }
    throw new LabException(node.name() + " does not boot: see " + console);
  }

  private static Optional<ProcessRef> childCalledSystemd(Path pidFile) {
    try {
      String pid = Files.readString(pidFile).strip();
      String children = Files.readString(Path.of("/proc", pid, "task", pid, "children")).strip();
      if (!children.matches("\\d+")
          || !Files.readString(Path.of("/proc", children, "comm")).equals("systemd\n")) {
        return Optional.empty();
      }
      return ProcessRef.of(Long.parseLong(children));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void awaitSystemd(Node node, Path console) throws LabException {
    long deadline = System.nanoTime() + BOOT_TIMEOUT_NANOS;
    while (System.nanoTime() < deadline) {
      String state = command(node, "systemctl", "is-system-running", "--wait").run().out().strip();
      if (state.equals("running") || state.equals("degraded")) {
        return;
      }
      Pause.millis(50);
    }
    throw new LabException(node.name() + ": systemd does not come up: see " + console);
  }
}
