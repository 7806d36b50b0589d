package io.trivet.lab;

import io.trivet.lab.drill.Drill;
import io.trivet.lab.drill.DrillFiles;
import io.trivet.lab.drill.DrillResult;
import io.trivet.lab.drill.DrillRun;
import io.trivet.lab.drill.Fault;
import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import io.trivet.lab.host.Machine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lab drill`.
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a fault at the controller that holds the VIP (hang-mariadb: the database's writer), and",
      "measures it from outside: outageMs, twoHoldersMs, apiMs, recoveredMs. Kept for 'lab report'."
    })
final class DrillCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FAULT",
      arity = "1..*",
      completionCandidates = FaultWords.class,
      description = "${COMPLETION-CANDIDATES}")
  private List<String> faults = List.of();

  @Option(names = "--runs", paramLabel = "N", defaultValue = "1", description = "How often; once.")
  private int runs;

  @Option(
      names = "--timing",
      paramLabel = "PROFILE",
      description = "fast, standard or patient: applied before, and the lab's own after it.")
  private @Nullable String timing;

  @Option(names = "--json", description = "Writes one JSON object, and the progress to stderr.")
  private boolean json;

  @Override
  public Integer call() throws LabException {
    Console console = json ? Console.error() : Console.standard();
    Lab lab = new Lab(LabHome.of(System.getenv()), console);
    List<Fault> wanted = new ArrayList<>();
    for (String word : faults) {
      wanted.add(FaultWords.parse(word));
    }
    String profile = timing;
    if (profile == null) {
      measure(lab, wanted, console);
      return 0;
    }
    lab.timing(profile);
    measure(lab, wanted, console);
    lab.timing(Lab.TIMING);
    return 0;
  }

  private void measure(Lab lab, List<Fault> wanted, Console console) throws LabException {
    for (Fault fault : wanted) {
      DrillResult result = measure(lab, fault, console);
      if (json) {
        System.out.println(DrillFiles.json(result));
      } else {
        System.out.println();
        result.table().forEach(System.out::println);
      }
    }
  }

  private DrillResult measure(Lab lab, Fault fault, Console console) throws LabException {
    Drill drill = lab.drill(console);
    DrillFiles files = new DrillFiles(lab.home().drills());
    List<DrillRun> done = new ArrayList<>();
    drill.run(
        fault,
        runs,
        run -> {
          done.add(run);
          files.save(result(fault, done)); // what was measured is kept even if a later run fails
        });
    return result(fault, done);
  }

  private DrillResult result(Fault fault, List<DrillRun> runs) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    String with = Objects.requireNonNullElse(timing, Lab.TIMING);
    return new DrillResult(fault.word(), now, with, Machine.describe(), runs);
  }
}
