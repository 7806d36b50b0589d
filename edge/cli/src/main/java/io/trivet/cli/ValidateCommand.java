package io.trivet.cli;

import io.trivet.cluster.file.ClusterFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description =
        "Says everything that is wrong with a cluster file: where, what, what is allowed. It changes nothing and needs no daemon.")
final class ValidateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", description = "The cluster file.")
  private Path path = Path.of("");

  ValidateCommand(Surroundings surroundings) {
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
    int warnings = text.reading().problems().size();
    String verdict =
        warnings == 0
            ? "is right"
            : "is accepted, with " + ClusterFileText.counted(warnings, "warning");
    surroundings.out().println(path + " " + verdict + ": " + summary(file));
    return 0;
  }

  private static String summary(ClusterFile file) {
    List<String> parts = new ArrayList<>();
    parts.add("cluster " + file.name());
    parts.add(ClusterFileText.counted(file.controllers().size(), "controller"));
    parts.add(ClusterFileText.counted(file.vips().size(), "VIP"));
    parts.add(ClusterFileText.counted(file.apis().size(), "API"));
    return String.join(", ", parts);
  }
}
