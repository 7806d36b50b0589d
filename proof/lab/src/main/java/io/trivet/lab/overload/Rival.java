package io.trivet.lab.overload;

import io.trivet.lab.deploy.NodeFiles;
import io.trivet.lab.host.LabException;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import java.util.Map;

/// keepalived on the same controllers, with an address of its own: VRRP version 3, an advertisement
/// each 0.1 s, no preemption, and the real-time priority that its manual (keepalived.conf(5),
/// vrrp_rt_priority) has for short intervals.
public final class Rival implements AutoCloseable {
  public static final String ADDRESS = "10.77.0.200";
  private static final String UNIT = "keepalived.service";
  private static final int HIGHEST_PRIORITY = 120;

  private final Nodes nodes;

  private Rival(Nodes nodes) {
    this.nodes = nodes;
  }

  /// Starts it on every controller; it starts again at each boot.
  public static Rival start(Nodes nodes) throws LabException {
    int priority = HIGHEST_PRIORITY;
    for (Node node : Node.CONTROLLERS) {
      Map<String, String> values =
          Map.of("NODE", node.name(), "PRIORITY", Integer.toString(priority--), "ADDRESS", ADDRESS);
      new NodeFiles(nodes.files(node))
          .file(
              "/etc/keepalived/keepalived.conf",
              NodeFiles.template("keepalived.conf", values),
              "root:root",
              "rw-r--r--");
      nodes.command(node, "systemctl", "enable", "--now", UNIT).check();
    }
    return new Rival(nodes);
  }

  @Override
  public void close() throws LabException {
    for (Node node : Node.CONTROLLERS) {
      if (nodes.running(node)) {
        nodes.command(node, "systemctl", "disable", "--now", UNIT).check();
      }
    }
  }
}
