package io.trivet.lab;

import io.trivet.lab.drill.Idle;
import io.trivet.lab.drill.IdleResult;
import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lab idle`.
@Command(
    name = "idle",
    mixinStandardHelpOptions = true,
    description =
        "Measures what the daemons cost in processor time and memory while nothing happens.")
final class IdleCommand implements Callable<Integer> {
  @Option(
      names = "--settle",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait first; ${DEFAULT-VALUE}.")
  private long settle;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to measure; ${DEFAULT-VALUE}.")
  private long seconds;

  @Option(names = "--json", description = "Writes one JSON object, and the progress to stderr.")
  private boolean json;

  @Override
  public Integer call() throws LabException {
    Console console = json ? Console.error() : Console.standard();
    Lab lab = new Lab(LabHome.of(System.getenv()), console);
    IdleResult result = new Idle(lab.nodes(), lab.trivet(), console).run(settle, seconds);
    result.save(lab.home().drills());
    System.out.println(json ? result.json() : result.sentence());
    return 0;
  }
}
