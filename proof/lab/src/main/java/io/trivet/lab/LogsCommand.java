package io.trivet.lab;

import io.trivet.lab.host.LabException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lab logs`.
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Shows the journal of a node, Trivet's lines unless told otherwise.")
final class LogsCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NODE", description = "c1, c2, c3 or client")
  private String node = "";

  @Option(names = "--all", description = "Everything, not only Trivet.")
  private boolean all;

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on as lines come.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "Only the last N lines.")
  private @Nullable Integer lines;

  @Override
  public Integer call() throws LabException {
    List<String> arguments =
        new ArrayList<>(List.of("journalctl", "--no-pager", "--output=short-precise"));
    if (!all) {
      arguments.add("--unit=trivetd");
      arguments.add("--unit=trivet-leases");
    }
    if (follow) {
      arguments.add("--follow");
    }
    if (lines != null) {
      arguments.add("--lines=" + lines);
    }
    return Main.lab().nodes().command(NodeArgument.parse(node), arguments).runAttached();
  }
}
