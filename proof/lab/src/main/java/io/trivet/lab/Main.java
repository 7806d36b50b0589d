package io.trivet.lab;

import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `trivet lab`: real controllers on this machine, faults made on purpose, and what they cost.
@Command(
    name = "trivet lab",
    mixinStandardHelpOptions = true,
    description = "Real controllers on this machine: three Debian systems, a client, a switch.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      ExecCommand.class,
      LogsCommand.class,
      FaultCommand.class,
      RepairCommand.class,
      DrillCommand.class,
      SoakCommand.class,
      IdleCommand.class,
      ReportCommand.class,
      OverloadCommand.class,
      TimingCommand.class,
      SelftestCommand.class
    },
    footer = {
      "",
      "The lab lives in /var/lib/trivet-lab (another place: environment TRIVET_LAB_HOME).",
      "It touches nothing of this machine outside that folder, its own namespaces, mounts and",
      "control groups."
    })
public final class Main {
  private Main() {}

  /// Exit codes: 0 done, 1 it failed, 2 the command line is wrong; `exec` gives the program's.
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof LabException) {
            command.getErr().println(failure.getMessage());
            return 1;
          }
          throw failure;
        });
    System.exit(line.execute(args));
  }

  /// The lab that the environment names, speaking on standard output.
  static Lab lab() {
    return new Lab(LabHome.of(System.getenv()), Console.standard());
  }
}
