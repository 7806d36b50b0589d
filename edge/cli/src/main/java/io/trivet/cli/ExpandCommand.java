package io.trivet.cli;

import com.google.gson.GsonBuilder;
import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.ConfigurationText;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "expand",
    mixinStandardHelpOptions = true,
    description =
        "Shows what Trivet makes of a cluster file, in Pacemaker's terms: resources, groups, clones, constraints, each with the reason for it. It changes nothing and needs no daemon.")
final class ExpandCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", description = "The cluster file.")
  private Path path = Path.of("");

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean json;

  ExpandCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Refused {
    ClusterFileText text = ClusterFileText.read(path);
    text.tellProblems(surroundings);
    ClusterFile file = text.file();
    if (file == null) {
      return 1;
    }
    Configuration configuration = Expansion.of(file);
    if (json) {
      surroundings
          .out()
          .println(
              new GsonBuilder()
                  .setPrettyPrinting()
                  .disableHtmlEscaping()
                  .create()
                  .toJson(ConfigurationJson.of(configuration)));
    } else {
      surroundings.out().print(ConfigurationText.of(configuration));
    }
    return 0;
  }
}
