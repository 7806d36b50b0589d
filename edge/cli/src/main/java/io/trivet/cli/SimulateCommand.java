package io.trivet.cli;

import com.google.gson.GsonBuilder;
import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.CibException;
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
        "Says what Trivet would do: what is wrong, what would be done in which order and why, and what would be true then. For CIBs of Pacemaker, for a cluster file whose controllers are all there and empty (or are as --state says), or, without a file, for the running cluster. It changes nothing.",
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

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "A CIB in XML, or a cluster file (.yaml); without one, the running cluster.")
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

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description =
          "Writes what the scheduler of the running cluster is given now as a CIB to this file, to be looked at and replayed anywhere.")
  private @Nullable Path save;

  @Option(
      names = "--state",
      paramLabel = "FILE|running",
      description =
          "For a cluster file: in the state that --save has recorded in FILE, or in that of the running cluster, what would be done if the file were applied now.")
  private @Nullable String state;

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
    if (save != null) {
      return saved(save);
    }
    int exit = files.isEmpty() ? simulate(null, atSeconds, whatIf) : 0;
    for (Path file : files) {
      exit = Math.max(exit, simulate(file, atSeconds, whatIf));
    }
    return exit;
  }

  private int saved(Path to) throws Refused {
    byte[] cib = SchedulerInput.running(surroundings);
    try {
      Files.write(to, cib);
    } catch (IOException e) {
      throw new Refused(
          "cannot write " + to + ": " + e.getMessage(), "name a file that you may write", 1);
    }
    surroundings.out().println("Saved; replay it with: trivet simulate " + to);
    surroundings.out().flush();
    return 0;
  }

  /// What is wrong with one file does not keep the others from being looked at.
  private int simulate(@Nullable Path given, @Nullable Long atSeconds, WhatIf whatIf) {
    Path file = given == null ? Path.of("cluster.xml") : given;
    try {
      Element cib = SchedulerInput.of(given, state, surroundings).cib();
      long present = surroundings.nowMillis().getAsLong() / 1000;
      Now now = Now.of(cib, at, atSeconds, present);
      if (out == null && graph) {
        // The drawing takes a plan and nothing more.
        draw(PacemakerText.plan(cib, now, scores, whatIf));
        return 0;
      }
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
      return new Refused(String.valueOf(e.in(file.toString()).getMessage()), "", 1)
          .tell(surroundings);
    }
  }

  private void draw(PlanRun.Result plan) {
    GraphDot.write(plan.graph(), surroundings.out()::print);
    surroundings.out().flush();
  }

  private void print(Path file, Now now, PacemakerText.Story story) {
    if (json) {
      surroundings.out().println(json(file, now, story));
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
