package io.trivet.lab;

import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import io.trivet.lab.observe.Observer;
import io.trivet.lab.overload.Overload;
import io.trivet.lab.overload.OverloadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lab overload`.
@Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the machine far too busy (16 busy processes, synced writes, 2 GB of page churn), begins with a",
      "full outage, and counts false moves, false 'gone' and the longest gap for each timing; the same for",
      "keepalived beside it. Kept for 'lab report'. Exit code 1 when a goal is missed."
    })
final class OverloadCommand implements Callable<Integer> {
  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long each; ${DEFAULT-VALUE}.")
  private long minutes;

  @Option(
      names = "--timing",
      paramLabel = "PROFILE",
      split = ",",
      description = "Which profiles: fast, standard, patient; all of them.")
  private List<String> timings = OverloadResult.TIMINGS;

  @Option(names = "--no-keepalived", description = "Leaves keepalived out.")
  private boolean alone;

  @Option(names = "--json", description = "Writes one JSON object a line, progress to stderr.")
  private boolean json;

  @Override
  public Integer call() throws LabException {
    for (String timing : timings) {
      if (!OverloadResult.TIMINGS.contains(timing)) {
        throw new LabException(
            "there is no timing " + timing + ": " + String.join(", ", OverloadResult.TIMINGS));
      }
    }
    Console console = json ? Console.error() : Console.standard();
    Lab lab = new Lab(LabHome.of(System.getenv()), console);
    Overload overload =
        new Overload(
            lab.nodes(),
            lab.trivet(),
            lab.faults(),
            () -> lab.observer(Observer.TOKEN_NANOS),
            lab.home().switchNamespace(),
            lab.home().root(),
            console);
    List<OverloadResult> results = new ArrayList<>();
    for (String timing : timings) {
      console.step("timing " + timing, () -> lab.timing(timing));
      OverloadResult result = overload.run(timing, minutes, !alone);
      result.save(lab.home().drills());
      results.add(result);
      if (json) {
        System.out.println(result.json());
      }
    }
    lab.timing(Lab.TIMING);
    if (!json) {
      System.out.print(OverloadResult.HEAD);
      results.forEach(result -> System.out.println(result.row()));
    }
    return results.stream().allMatch(OverloadResult::met) ? 0 : 1;
  }
}
