package io.trivet.cli;

import com.google.gson.GsonBuilder;
import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.explain.Explain;
import io.trivet.scheduler.explain.Explanation;
import io.trivet.scheduler.explain.ExplanationText;
import io.trivet.scheduler.explain.Moves;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.rules.Iso8601;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Says why a resource is where it is: what speaks for and against each node, by constraint and line, what will be done with it and what that waits for, and what would make it move. Of the running cluster, or of a CIB. It changes nothing.")
final class ExplainCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(
      index = "0",
      paramLabel = "RESOURCE",
      description = "Its id; of a clone, a group or a bundle all that is in it.")
  private String resource = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "A CIB in XML, or a cluster file; without one, the running cluster.")
  private @Nullable Path file;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "The time that counts as now, in ISO 8601: 2026-07-31T12:00:00Z.")
  private @Nullable String at;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean json;

  ExplainCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Refused {
    try {
      SchedulerInput input = SchedulerInput.of(file, surroundings);
      long now = now(input);
      Explain explain = new Explain(PlanRun.explained(input.cib(), now));
      List<Resource> meant = explain.meant(resource);
      if (meant.isEmpty()) {
        throw new Refused(
            "there is no resource \"" + resource + "\" in " + input.name(),
            "it has: " + String.join(", ", explain.known()),
            2);
      }
      Moves moves = new Moves(input.cib(), now);
      List<Explanation> explanations = new ArrayList<>();
      meant.forEach(r -> explanations.add(moves.added(explain.of(r), r)));
      print(explanations, file == null ? "" : String.valueOf(file.getFileName()));
      return 0;
    } catch (CibException e) {
      throw new Refused(String.valueOf(e.getMessage()), "", 1);
    }
  }

  private long now(SchedulerInput input) throws Refused {
    if (at != null) {
      Long seconds = Iso8601.seconds(at);
      if (seconds == null) {
        throw new Refused(
            "--at " + at + " is no time", "write it in ISO 8601: 2026-07-31T12:00:00Z", 2);
      }
      return seconds;
    }
    String recorded = input.cib().get("execution-date");
    return recorded != null && recorded.matches("\\d{1,12}")
        ? Long.parseLong(recorded)
        : surroundings.nowMillis().getAsLong() / 1000;
  }

  private void print(List<Explanation> explanations, String name) {
    if (json) {
      surroundings
          .out()
          .println(
              new GsonBuilder()
                  .setPrettyPrinting()
                  .disableHtmlEscaping()
                  .create()
                  .toJson(explanations));
      return;
    }
    surroundings.out().print(ExplanationText.of(explanations, name));
    surroundings.out().flush();
  }
}
