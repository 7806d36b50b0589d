package io.trivet.cli;

import com.google.gson.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The commands by which an operator changes something. Each is done when the cluster has agreed to
/// it, and says so.
final class ChangeCommands {
  /// The daemon gives up a move after 10 s and a change after 5 s, and says why; this is only for a
  /// daemon that cannot.
  private static final long SECONDS = 20;

  private ChangeCommands() {}

  static CommandLine cluster(Surroundings surroundings) {
    return new CommandLine(new Cluster()).addSubcommand(new ApplyCommand(surroundings));
  }

  static CommandLine node(Surroundings surroundings) {
    return new CommandLine(new Node())
        .addSubcommand(new Standby(surroundings))
        .addSubcommand(new Online(surroundings));
  }

  static CommandLine resource(Surroundings surroundings) {
    return new CommandLine(new ResourceRoot())
        .addSubcommand(new Move(surroundings))
        .addSubcommand(new Clear(surroundings))
        .addSubcommand(new AcceptLoss(surroundings));
  }

  private static JsonObject request(String command, String... namesAndValues) {
    JsonObject request = new JsonObject();
    request.addProperty("command", command);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      request.addProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    return request;
  }

  /// A command that only has subcommands says which.
  abstract static class Family implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      spec.commandLine().usage(spec.commandLine().getErr());
      return CommandLine.ExitCode.USAGE;
    }
  }

  @Command(
      name = "cluster",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Changes the cluster as a whole.")
  static final class Cluster extends Family {}

  @Command(
      name = "node",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Takes a controller out of service, and back.")
  static final class Node extends Family {}

  @Command(
      name = "resource",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Moves a VIP or another resource; decides for one.")
  static final class ResourceRoot extends Family {}

  @Command(
      name = "standby",
      mixinStandardHelpOptions = true,
      description =
          "Moves everything away from a controller and stops its services; it keeps its vote. It"
              + " stays so until `trivet node online`.")
  static final class Standby implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "NODE", description = "The controller.")
    private String node = "";

    Standby(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Refused {
      surroundings.daemon().ask(request("node-standby", "node", node), SECONDS);
      surroundings
          .out()
          .println(node + " goes to standby. See when it is empty: trivet status --watch");
      return 0;
    }
  }

  @Command(
      name = "online",
      mixinStandardHelpOptions = true,
      description = "Takes a controller out of standby: its services start again.")
  static final class Online implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "NODE", description = "The controller.")
    private String node = "";

    Online(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Refused {
      surroundings.daemon().ask(request("node-online", "node", node), SECONDS);
      surroundings.out().println(node + " is online. See it start: trivet status --watch");
      return 0;
    }
  }

  @Command(
      name = "move",
      mixinStandardHelpOptions = true,
      description =
          "Moves a VIP or another resource to a controller, and waits until it is there. It stays"
              + " there as long as it can, until `trivet resource clear`.")
  static final class Move implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(
        index = "0",
        paramLabel = "RESOURCE",
        description = "The VIP or resource, as trivet status names it.")
    private String resource = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "The controller.")
    private String node = "";

    Move(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Refused {
      JsonObject answer =
          surroundings
              .daemon()
              .ask(request("resource-move", "resource", resource, "node", node), SECONDS);
      long millis = Json.number(answer, "millis", -1);
      surroundings
          .out()
          .println(
              resource
                  + " is on "
                  + node
                  + (millis < 0 ? "." : ", after " + millis + " ms.")
                  + " Take the preference back: trivet resource clear "
                  + resource);
      return 0;
    }
  }

  @Command(
      name = "clear",
      mixinStandardHelpOptions = true,
      description = "Takes back what `trivet resource move` asked for. It moves nothing by itself.")
  static final class Clear implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "RESOURCE", description = "The VIP or resource.")
    private String resource = "";

    Clear(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Refused {
      surroundings.daemon().ask(request("resource-clear", "resource", resource), SECONDS);
      surroundings.out().println(resource + " has no preferred controller any more.");
      return 0;
    }
  }

  @Command(
      name = "accept-loss",
      mixinStandardHelpOptions = true,
      description = {
        "Lets a database or broker go on from the data of one controller although another one may"
            + " hold newer data, which is then lost.",
        "It can be given only while a recovery waits for a decision, holds for that recovery alone,"
            + " and can be taken back until it is used. trivet status names this command when there"
            + " is no other way; first try to bring the other controller back."
      })
  static final class AcceptLoss implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "RESOURCE", description = "The database or broker.")
    private String resource = "";

    @ArgGroup(multiplicity = "1")
    private Choice choice = new Choice();

    /// Give, or take back.
    private static final class Choice {
      @Option(
          names = "--node",
          paramLabel = "NODE",
          description = "The controller whose data it goes on from.")
      private String node = "";

      @Option(names = "--undo", description = "Take it back, as long as it was not used.")
      private boolean undo;
    }

    AcceptLoss(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Refused {
      if (choice.undo) {
        surroundings.daemon().ask(request("withdraw-loss", "resource", resource), SECONDS);
        surroundings.out().println("No loss of " + resource + " is accepted any more.");
        return 0;
      }
      JsonObject answer =
          surroundings
              .daemon()
              .ask(request("accept-loss", "resource", resource, "node", choice.node), SECONDS);
      String loss = Json.text(answer, "loss", "what only others hold");
      surroundings
          .out()
          .println(
              resource
                  + " may go on from the data of "
                  + choice.node
                  + "; "
                  + loss
                  + " is lost. See it start: trivet status --watch. As long as it was not used,"
                  + " take it back: trivet resource accept-loss "
                  + resource
                  + " --undo");
      return 0;
    }
  }
}
