package io.trivet.lab;

import io.trivet.lab.drill.Soak;
import io.trivet.lab.drill.SoakResult;
import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lab soak`.
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description =
        "Keeps all processors busy, breaks nothing, and counts the moves of the VIP: each is false.")
final class SoakCommand implements Callable<Integer> {
  private static final long TOKEN_NANOS = 40_000_000L;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "15",
      description = "How long; ${DEFAULT-VALUE}.")
  private long minutes;

  @Option(names = "--json", description = "Writes one JSON object, and the progress to stderr.")
  private boolean json;

  @Override
  public Integer call() throws LabException {
    Console console = json ? Console.error() : Console.standard();
    Lab lab = new Lab(LabHome.of(System.getenv()), console);
    Soak soak =
        new Soak(
            lab.trivet(),
            () -> lab.observer(TOKEN_NANOS),
            lab.home().root().resolve("soak"),
            console);
    SoakResult result = soak.run(minutes);
    result.save(lab.home().drills());
    System.out.println(json ? result.json() : result.sentence().replace("**", ""));
    return result.movesSeen() == 0 && result.twoHoldersMs() == 0 ? 0 : 1;
  }
}
