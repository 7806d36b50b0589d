package io.trivet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command line as a whole. All commands are made here, with `new`.
final class Trivet {
  private Trivet() {}

  static CommandLine commandLine(Surroundings surroundings) {
    CommandLine root =
        new CommandLine(new Root())
            .addSubcommand(new StatusCommand(surroundings))
            .addSubcommand(new EventsCommand(surroundings))
            .addSubcommand(new RunbookCommand(surroundings))
            .addSubcommand(new ValidateCommand(surroundings))
            .addSubcommand(new ExpandCommand(surroundings))
            .addSubcommand(new SimulateCommand(surroundings))
            .addSubcommand(new ExplainCommand(surroundings))
            .addSubcommand(new ImportCommand(surroundings))
            .addSubcommand(CertificatesCommand.commandLine(surroundings))
            .addSubcommand(ChangeCommands.cluster(surroundings))
            .addSubcommand(ChangeCommands.node(surroundings))
            .addSubcommand(ChangeCommands.resource(surroundings))
            .addSubcommand(new CompletionCommand(surroundings));
    return root.setOut(surroundings.out())
        .setErr(surroundings.err())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                surroundings.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, line, parsed) -> refused(e, surroundings));
  }

  private static int refused(Exception e, Surroundings surroundings) throws Exception {
    if (e instanceof Refused refused) {
      return refused.tell(surroundings);
    }
    throw e;
  }

  /// Without a subcommand it says what there is.
  @Command(
      name = "trivet",
      mixinStandardHelpOptions = true,
      versionProvider = BuildVersion.class,
      synopsisSubcommandLabel = "COMMAND",
      description = "High availability for an OpenStack control plane.",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:done",
        "1:it failed, or the file is wrong",
        "2:wrong usage, or the file cannot be read",
        "3:not possible now: the daemon does not run, or there is no quorum",
        "4:not allowed"
      },
      footer = {
        "",
        "TRIVET_SOCKET names another control socket than /run/trivet/control.sock; NO_COLOR switches colours off."
      })
  static final class Root implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      spec.commandLine().usage(spec.commandLine().getErr());
      return CommandLine.ExitCode.USAGE;
    }
  }

  /// For `--version` beside other arguments; alone it never comes this far.
  static final class BuildVersion implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Version.line()};
    }
  }
}
