package io.trivet.lab;

import io.trivet.lab.host.LabException;
import io.trivet.lab.host.ProcessRef;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `lab status`.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows the machines of the lab, and what Trivet says of the cluster.")
final class StatusCommand implements Callable<Integer> {
  @Override
  public Integer call() throws LabException {
    Lab lab = Main.lab();
    Nodes nodes = lab.nodes();
    System.out.println("lab in " + lab.home().root());
    boolean any = false;
    for (Node node : Node.ALL) {
      Optional<ProcessRef> leader = nodes.leader(node);
      any |= leader.isPresent();
      System.out.println(
          String.format(
              Locale.ROOT,
              "  %-7s %-11s %s",
              node.name(),
              node.address(),
              leader.map(ref -> "running (process " + ref.pid() + ")").orElse("no power")));
    }
    if (!any) {
      System.out.println("Nothing runs. './trivet lab up' makes it.");
      return 0;
    }
    for (Node node : Node.CONTROLLERS) {
      if (nodes.running(node) && nodes.command(node, "test", "-x", "/usr/bin/trivet").succeeds()) {
        System.out.println();
        return nodes.command(node, List.of("trivet", "status")).runAttached();
      }
    }
    return 0;
  }
}
