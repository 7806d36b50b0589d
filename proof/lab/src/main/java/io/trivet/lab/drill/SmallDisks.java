package io.trivet.lab.drill;

import io.trivet.lab.host.LabException;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import io.trivet.lab.node.Trivet;
import java.util.List;

/// Gives the controllers a small file system of its own under `/var/lib/trivet`, in memory, which
/// can be filled; and takes it away again with everything in it kept. It does not survive a loss of
/// power, so it must not stay for other faults.
final class SmallDisks {
  private static final String STATE = "/var/lib/trivet";
  private static final String SMALL = "/run/small";
  private static final String FILLER = STATE + "/filler";
  private static final long HEALTH_SECONDS = 120;

  private final Nodes nodes;
  private final Trivet trivet;

  SmallDisks(Nodes nodes, Trivet trivet) {
    this.nodes = nodes;
    this.trivet = trivet;
  }

  /// On every controller, one after the other.
  void make() throws LabException {
    for (Node node : Node.CONTROLLERS) {
      if (there(node)) {
        continue;
      }
      stopped(
          node,
          () -> {
            run(node, "mkdir", "-p", SMALL);
            run(node, "mount", "-t", "tmpfs", "-o", "size=32m,mode=700", "trivet-small", SMALL);
            run(node, "cp", "-a", STATE + "/.", SMALL);
            run(node, "mount", "--bind", SMALL, STATE);
          });
    }
  }

  /// The large file systems again.
  void remove() throws LabException {
    for (Node node : Node.CONTROLLERS) {
      if (!there(node)) {
        continue;
      }
      stopped(
          node,
          () -> {
            run(node, "rm", "-f", FILLER);
            run(node, "umount", STATE);
            run(node, "find", STATE, "-mindepth", "1", "-delete");
            run(node, "cp", "-a", SMALL + "/.", STATE);
            run(node, "umount", SMALL);
          });
    }
  }

  /// Until not one byte more can be written.
  void fill(List<Node> at) throws LabException {
    for (Node node : at) {
      // Fails when there is no space left, which is what is wanted.
      var _ = nodes.command(node, "dd", "if=/dev/zero", "of=" + FILLER, "bs=4096").succeeds();
    }
  }

  void free(List<Node> at) throws LabException {
    for (Node node : at) {
      run(node, "rm", "-f", FILLER);
    }
  }

  private boolean there(Node node) throws LabException {
    return nodes.running(node) && nodes.command(node, "mountpoint", "-q", STATE).succeeds();
  }

  private interface Change {
    void make() throws LabException;
  }

  private void stopped(Node node, Change change) throws LabException {
    run(node, "systemctl", "stop", Faults.DAEMON, Faults.LEASES);
    change.make();
    run(node, "systemctl", "start", Faults.LEASES, Faults.DAEMON);
    trivet.awaitHealthy(HEALTH_SECONDS);
  }

  private void run(Node node, String... command) throws LabException {
    nodes.command(node, command).check();
  }
}
