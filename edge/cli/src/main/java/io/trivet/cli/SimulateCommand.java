package io.trivet.cli;

import com.google.gson.GsonBuilder;
import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.rules.Iso8601;
import io.trivet.scheduler.simulate.PacemakerText;
import io.trivet.scheduler.simulate.PacemakerText.Now;
import io.trivet.scheduler.simulate.PacemakerText.WhatIf;
import io.trivet.scheduler.story.StoryText;
import io.trivet.scheduler.text.GraphDot;
import io.trivet.scheduler.text.ScoresText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description =
        "Reads CIBs of Pacemaker and says what Trivet would do: what is wrong, what would be done in which order and why, and what would be true then. It changes nothing and needs no daemon.",
    footer = {
      "",
      "A CIB of a running Pacemaker cluster: cibadmin --query > cib.xml; those of earlier decisions are in /var/lib/pacemaker/pengine (bunzip2 them)."
    })
final class SimulateCommand implements Callable<Integer> {
  /// What is told.
  enum Format {
    TRIVET,
    PACEMAKER
  }

  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "A CIB, in XML.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "trivet|pacemaker",
      description = "For an operator (the default), or in the layout of crm_simulate.")
  private Format format = Format.TRIVET;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description =
          "The time that counts as now, in ISO 8601: 2026-07-31T12:00:00Z. Else it is the one recorded in the file, else the present.")
  private @Nullable String at;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Writes DIR/NAME.summary for each NAME.xml instead of printing it; with --scores, --graph and --json also NAME.scores, NAME.dot and NAME.json.")
  private @Nullable Path out;

  @Option(names = "--scores", description = "Also the score of each resource on each node.")
  private boolean scores;

  @Option(
      names = "--graph",
      description = "The actions and what each waits for, as a drawing in DOT, instead of text.")
  private boolean graph;

  @Option(names = "--json", description = "As JSON, for programs, instead of text.")
  private boolean json;

  @Mixin private WhatIfOptions whatIfOptions = new WhatIfOptions();

  SimulateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Refused {
    if (graph && json && out == null) {
      throw new Refused("--graph and --json exclude each other", "or give --out DIR", 2);
    }
    Long atSeconds = at == null ? null : Iso8601.seconds(at);
    if (at != null && atSeconds == null) {
      throw new Refused(
          "--at " + at + " is no time", "write it in ISO 8601: 2026-07-31T12:00:00Z", 2);
    }
    WhatIf whatIf = whatIfOptions.whatIf();
    int exit = 0;
    for (Path file : files) {
      exit = Math.max(exit, simulate(file, atSeconds, whatIf));
    }
    return exit;
  }

  /// What is wrong with one file does not keep the others from being looked at.
  private int simulate(Path file, @Nullable Long atSeconds, WhatIf whatIf) {
    try {
      byte[] bytes = InputFile.read(file, CibReader.MAX_BYTES, "CIB");
      Element cib = CibReader.read(file.toString(), bytes);
      long present = surroundings.nowMillis().getAsLong() / 1000;
      Now now = Now.of(cib, at, atSeconds, present);
      PacemakerText.Story story = PacemakerText.of(cib, now, scores, whatIf);
      if (out == null) {
        print(file, now, story);
      } else {
        write(out, file, now, story);
      }
      return 0;
    } catch (Refused e) {
      return e.tell(surroundings);
    } catch (CibException e) {
      return new Refused(String.valueOf(e.in(file.toString()).getMessage()), "", 1).tell(surroundings);
    }
  }

  private void print(Path file, Now now, PacemakerText.Story story) {
    if (json) {
      surroundings.out().println(json(file, now, story));
    } else if (graph) {
      surroundings.out().print(GraphDot.of(story.plan().graph()));
    } else {
      if (files.size() > 1) {
        surroundings.out().println((file.equals(files.getFirst()) ? "" : "\n") + file + ":");
      }
      surroundings.out().print(text(now, story));
      if (scores) {
        surroundings.out().print("\nScores:\n" + ScoresText.of(story.plan().cluster()));
      }
    }
    surroundings.out().flush();
  }

  private String text(Now now, PacemakerText.Story story) {
    return switch (format) {
      case PACEMAKER -> story.text();
      case TRIVET -> StoryText.of(story, now.seconds());
    };
  }

  private String json(Path file, Now now, PacemakerText.Story story) {
    List<String> lines = ScoresText.of(story.plan().cluster()).lines().toList();
    return new GsonBuilder()
        .setPrettyPrinting()
        .disableHtmlEscaping()
        .serializeNulls()
        .create()
        .toJson(PlanJson.of(file.toString(), now.seconds(), story.view(), lines));
  }

  private void write(Path folder, Path file, Now now, PacemakerText.Story story) throws Refused {
    String name = String.valueOf(file.getFileName());
    String base = name.endsWith(".xml") ? name.substring(0, name.length() - 4) : name;
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(base + ".summary"), text(now, story));
      if (scores) {
        String lines = ScoresText.of(story.plan().cluster());
        Files.writeString(folder.resolve(base + ".scores"), lines);
      }
      if (graph) {
        Graph made = story.plan().graph();
        Files.writeString(folder.resolve(base + ".dot"), GraphDot.of(made));
      }
      if (json) {
        Files.writeString(folder.resolve(base + ".json"), json(file, now, story) + "\n");
      }
    } catch (IOException e) {
      throw new Refused(
          "cannot write into " + folder + ": " + e.getMessage(),
          "name a folder that you may write to with --out",
          1);
    }
  }
}
