package io.trivet.cli;

import io.trivet.cluster.file.ClusterFile;
import io.trivet.daemon.tls.Certificates;
import io.trivet.daemon.tls.TlsUnusable;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `trivet certificates`.
final class CertificatesCommand {
  private CertificatesCommand() {}

  static CommandLine commandLine(Surroundings surroundings) {
    return new CommandLine(new Certificate()).addSubcommand(new Create(surroundings));
  }

  @Command(
      name = "certificates",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Makes the certificates by which the controllers know each other.")
  static final class Certificate extends ChangeCommands.Family {}

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description =
          "Makes an authority, and a key and a certificate for each controller of a cluster file."
              + " What is there already is kept; to renew the certificate of one controller, move its"
              + " folder away and call again.")
  static final class Create implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "FILE", description = "The cluster file.")
    private Path path = Path.of("");

    @Option(
        names = "--out",
        required = true,
        paramLabel = "DIR",
        description = "The folder for them; made when there is none. Not on a controller.")
    private Path out = Path.of("");

    Create(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Refused, InterruptedException {
      ClusterFileText text = ClusterFileText.read(path);
      text.tellProblems(surroundings);
      ClusterFile file = text.file();
      if (file == null) {
        surroundings.err().println("No certificate was made.");
        return 1;
      }
      SortedMap<String, String> controllers = new TreeMap<>();
      file.controllers().forEach(c -> controllers.put(c.name(), c.address().toString()));
      try {
        tell(Certificates.create(controllers, out));
        return 0;
      } catch (TlsUnusable e) {
        throw new Refused(String.valueOf(e.getMessage()), "", 1);
      }
    }

    private void tell(Certificates.Created created) {
      created.kept().forEach(kept -> surroundings.out().println("kept     " + kept));
      created.written().forEach(written -> surroundings.out().println("written  " + written));
      created
          .nodesUntil()
          .forEach(
              (node, until) ->
                  surroundings
                      .out()
                      .println(
                          node
                              + " until "
                              + until.atZone(ZoneOffset.UTC).toLocalDate()
                              + ": copy "
                              + out.resolve(node)
                              + "/* to /etc/trivet/tls of "
                              + node));
      surroundings
          .out()
          .println(
              "Keep "
                  + out.resolve("ca.key")
                  + " off the controllers: who has it can join the cluster.");
    }
  }
}
