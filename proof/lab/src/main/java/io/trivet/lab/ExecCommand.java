package io.trivet.lab;

import io.trivet.lab.host.LabException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `lab exec`.
@Command(
    name = "exec",
    mixinStandardHelpOptions = true,
    description = "Runs a program on a node, as root, with this terminal; gives its exit code.",
    synopsisHeading = "Usage: ",
    customSynopsis = "trivet lab exec NODE -- PROGRAM [ARGUMENT...]")
final class ExecCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NODE", description = "c1, c2, c3 or client")
  private String node = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PROGRAM",
      description = "The program and its arguments.")
  private List<String> program = List.of();

  @Override
  public Integer call() throws LabException {
    return Main.lab().nodes().command(NodeArgument.parse(node), program).runAttached();
  }
}
