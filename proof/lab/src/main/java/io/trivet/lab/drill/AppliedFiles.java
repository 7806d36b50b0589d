package io.trivet.lab.drill;

import io.trivet.lab.deploy.NodeFiles;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.Pause;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import io.trivet.lab.node.Trivet;
import java.util.List;

/// The lab's cluster file with a change, given to the running cluster as an operator does it.
final class AppliedFiles {
  private static final String PATH = "/root/applied.yaml";
  private static final String ORIGINAL = "/root/original.yaml";
  private static final String OBSTACLE = "/run/netns/doomed";
  private static final String TIMING = "timing: fast";
  private static final String VIPS = "vips:\n";
  private static final String DATABASE = "\ndatabase:";
  private static final String DOOMED_VIP =
      """
        doomed:
          address: 10.77.0.101/24
          interface: eth0
          namespace: doomed
      """;
  private static final String ANOTHER_VIP =
      """
      vips:
        another:
          address: 10.77.0.101/24
          interface: eth0
          namespace: vip
      """;

  /// Longer than the longest lease, so that each timing is in use before the next comes.
  private static final long BETWEEN_MILLIS = 2_500;

  private final Nodes nodes;
  private final Trivet trivet;

  AppliedFiles(Nodes nodes, Trivet trivet) {
    this.nodes = nodes;
    this.trivet = trivet;
  }

  /// A line of comment more.
  void comment(Node on) throws LabException {
    apply(on, "# One line of comment.\n" + original());
  }

  /// Another VIP, in the same namespace.
  void vip(Node on) throws LabException {
    apply(on, changed(VIPS, ANOTHER_VIP));
  }

  /// Another VIP, in a namespace that one controller cannot make.
  void impossible(Node on, Node at) throws LabException {
    nodes.command(on, "tee", ORIGINAL).input(original()).check();
    nodes.command(at, "mkdir", "-p", OBSTACLE + "/in-the-way").check();
    apply(on, changed(DATABASE, DOOMED_VIP + DATABASE));
  }

  /// That file must not be in force any more.
  void checkTakenBack(Node on, Node at) throws LabException {
    nodes.command(at, "rm", "-r", OBSTACLE).check();
    String said = trivet.command(on, List.of("events", "--json")).check();
    if (!said.contains("cluster-file-taken-back")
        || !trivet
            .command(on, List.of("cluster", "apply", "--yes", ORIGINAL))
            .check()
            .contains("Nothing changes")) {
      throw new LabException(
          "a cluster file that one controller cannot bring about stays in force");
    }
  }

  /// Every timing after every other one.
  void timings(Node on) throws LabException {
    for (String word : List.of("standard", "patient", "fast", "patient", "standard")) {
      apply(on, changed(TIMING, "timing: " + word));
      Pause.millis(BETWEEN_MILLIS);
    }
  }

  /// The file that the lab began with.
  void original(Node on) throws LabException {
    apply(on, original());
  }

  private static String original() throws LabException {
    return NodeFiles.clusterFile("fast");
  }

  private static String changed(String from, String to) throws LabException {
    String original = original();
    if (!original.contains(from)) {
      throw new LabException("the lab's cluster file has no line \"" + from.strip() + "\"");
    }
    return original.replace(from, to);
  }

  private void apply(Node on, String text) throws LabException {
    nodes.command(on, "tee", PATH).input(text).check();
    trivet.command(on, List.of("cluster", "apply", "--yes", "--no-follow", PATH)).check();
  }
}
