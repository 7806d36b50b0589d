package io.trivet.cli;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command line as a whole. All commands are made here, with `new`.
final class Trivet {
  private Trivet() {}

  /// With the command that the arguments name; with all of them where they name none. To make them
  /// all takes longer than most of them run.
  static CommandLine commandLine(Surroundings surroundings, String... arguments) {
    SequencedMap<String, Function<Surroundings, Object>> commands = commands();
    String named = arguments.length == 0 ? "" : arguments[0];
    if (commands.containsKey(named) && !named.equals("completion")) {
      commands.keySet().removeIf(name -> !name.equals(named));
    }
    CommandLine root = new CommandLine(new Root());
    commands.values().forEach(make -> root.addSubcommand(make.apply(surroundings)));
    return root.setOut(surroundings.out())
        .setErr(surroundings.err())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                surroundings.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, line, parsed) -> refused(e, surroundings));
  }

  private static SequencedMap<String, Function<Surroundings, Object>> commands() {
    SequencedMap<String, Function<Surroundings, Object>> commands = new LinkedHashMap<>();
    commands.put("status", StatusCommand::new);
    commands.put("events", EventsCommand::new);
    commands.put("runbook", RunbookCommand::new);
    commands.put("validate", ValidateCommand::new);
    commands.put("expand", ExpandCommand::new);
    commands.put("simulate", SimulateCommand::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("import", ImportCommand::new);
    commands.put("certificates", CertificatesCommand::commandLine);
    commands.put("cluster", ChangeCommands::cluster);
    commands.put("node", ChangeCommands::node);
    commands.put("resource", ChangeCommands::resource);
    commands.put("completion", CompletionCommand::new);
    return commands;
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
