package io.trivet.lab;

import io.trivet.lab.drill.DrillFiles;
import io.trivet.lab.drill.DrillResult;
import io.trivet.lab.drill.IdleResult;
import io.trivet.lab.drill.SlaReport;
import io.trivet.lab.drill.SoakResult;
import io.trivet.lab.host.LabException;
import io.trivet.lab.overload.OverloadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lab report`.
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Writes the measured drills as tables (docs/sla.md).")
final class ReportCommand implements Callable<Integer> {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; standard output unless given.")
  private @Nullable Path output;

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      description = "A paragraph about the circumstances, which only people know; may be repeated.")
  private List<String> notes = List.of();

  private static List<DrillResult> drills(Lab lab) throws LabException {
    DrillFiles files = new DrillFiles(lab.home().drills());
    List<DrillResult> all = new ArrayList<>();
    for (String timing : OverloadResult.TIMINGS) {
      all.addAll(files.load(timing));
    }
    return all;
  }

  @Override
  public Integer call() throws LabException {
    Lab lab = Main.lab();
    String text =
        SlaReport.write(
            drills(lab),
            SoakResult.load(lab.home().drills()),
            IdleResult.load(lab.home().drills()),
            OverloadResult.load(lab.home().drills()),
            notes);
    Path file = output;
    if (file == null) {
      System.out.print(text);
      return 0;
    }
    try {
      Files.writeString(file, text);
      return 0;
    } catch (IOException e) {
      throw new LabException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
