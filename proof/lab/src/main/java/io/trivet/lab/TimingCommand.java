package io.trivet.lab;

import io.trivet.lab.host.LabException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `lab timing`.
@Command(
    name = "timing",
    mixinStandardHelpOptions = true,
    description =
        "Applies the lab's cluster file with another timing, and waits until the cluster is healthy.")
final class TimingCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PROFILE", description = "fast, standard or patient.")
  private String profile = "";

  @Override
  public Integer call() throws LabException {
    Main.lab().timing(profile);
    return 0;
  }
}
