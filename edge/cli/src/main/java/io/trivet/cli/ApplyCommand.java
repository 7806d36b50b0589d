package io.trivet.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.simulate.PacemakerText;
import io.trivet.scheduler.story.StoryText;
import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description =
        "Gives the cluster a new cluster file: checks it, says what it will do, asks, has every"
            + " controller look whether it can run it, and follows it until it is in effect. When"
            + " anything is wrong with it, nothing changes.")
final class ApplyCommand implements Callable<Integer> {
  private static final long SECONDS = 20;
  private static final long LOOK_MILLIS = 1_000;
  private static final int MOST_LOOKS = 300;

  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", description = "The cluster file.")
  private Path path = Path.of("");

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask. Needed where no person is at the terminal.")
  private boolean yes;

  @Option(
      names = "--dry-run",
      description = "Only says what it would do; asks no controller whether it can run the file.")
  private boolean dryRun;

  @Option(names = "--json", description = "What changes, as JSON.")
  private boolean json;

  @Option(
      names = "--without-checking",
      paramLabel = "CONTROLLER",
      split = ",",
      description =
          "Goes on when these controllers do not answer, because they cannot be reached. Each is"
              + " asked all the same, and an objection of any controller refuses the file.")
  private List<String> unasked = List.of();

  @Option(
      names = "--no-follow",
      description = "Ends when the cluster has agreed, without waiting for the effect.")
  private boolean noFollow;

  ApplyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Refused {
    ClusterFileText text = ClusterFileText.read(path);
    text.tellProblems(surroundings);
    ClusterFile file = text.file();
    if (file == null) {
      surroundings.err().println("Nothing was changed.");
      return 1;
    }
    JsonObject inForce = surroundings.daemon().ask(request("cluster-file"), SECONDS);
    String there = inForce.has("text") ? inForce.get("text").getAsString() : null;
    if (text.text().equals(there)) {
      tell(List.of(), "Nothing changes: the cluster has this file already.");
      return 0;
    }
    ClusterFile before = there == null ? null : understood(there);
    List<String> changes =
        before == null
            ? List.of("the cluster has no cluster file that this version understands")
            : ClusterFileChanges.between(before, file);
    preview(changes);
    if (dryRun) {
      return 0;
    }
    if (!changes.isEmpty() && !agreed()) {
      surroundings.err().println("Nothing was changed.");
      return 1;
    }
    JsonObject apply = request("cluster-apply");
    apply.addProperty("name", text.name());
    apply.addProperty("text", text.text());
    if (!unasked.isEmpty()) {
      apply.addProperty("withoutChecking", String.join(",", unasked));
    }
    surroundings.daemon().ask(apply, SECONDS);
    if (changes.isEmpty() || noFollow || json) {
      say("The cluster has the new cluster file.");
      return 0;
    }
    return follow(text.text());
  }

  private void preview(List<String> changes) {
    if (changes.isEmpty()) {
      tell(
          changes,
          "Nothing changes: the files differ in comments or layout only. The new text is kept.");
      return;
    }
    tell(changes, "What changes:");
    if (!json) {
      changes.forEach(line -> surroundings.out().println("  " + line));
      plan();
    }
  }

  private void tell(List<String> changes, String sentence) {
    if (!json) {
      surroundings.out().println(sentence);
      return;
    }
    JsonArray lines = new JsonArray();
    changes.forEach(lines::add);
    JsonObject answer = new JsonObject();
    answer.addProperty("file", path.toString());
    answer.addProperty("nothingChanges", changes.isEmpty());
    answer.add("changes", lines);
    surroundings.out().println(answer);
  }

  /// What the scheduler would do with the state of the running cluster; a cluster that cannot tell
  /// its state gets the file without it.
  private void plan() {
    try {
      Element cib = SchedulerInput.of(path, "running", surroundings).cib();
      long present = surroundings.nowMillis().getAsLong() / 1000;
      PacemakerText.Now now = PacemakerText.Now.of(cib, null, null, present);
      PacemakerText.Story story = PacemakerText.of(cib, now, false, new WhatIfOptions().whatIf());
      surroundings.out().println();
      surroundings.out().print(StoryText.of(story, now.seconds()));
    } catch (Refused | CibException e) {
      surroundings
          .out()
          .println("  (what would be scheduled cannot be told: " + e.getMessage() + ")");
    }
    surroundings.out().flush();
  }

  @SuppressWarnings("SystemConsoleNull") // asked only where the terminal is known to be there
  private boolean agreed() throws Refused {
    if (yes) {
      return true;
    }
    Console console = surroundings.terminal() ? System.console() : null;
    if (console == null) {
      throw new Refused(
          "nobody is at a terminal to be asked, so nothing was changed",
          "look with --dry-run, then add --yes",
          2);
    }
    String answer = console.readLine("Apply it? [y/N] ");
    return answer != null && answer.strip().matches("(?i)y|yes");
  }

  /// Whoever stops this stops only the looking.
  private int follow(String applied) {
    say(
        "The cluster has the new cluster file. Waiting until it is in effect; Ctrl-C only ends the"
            + " waiting.");
    int healthy = 0;
    for (int look = 0; look < MOST_LOOKS && surroundings.pause().test(LOOK_MILLIS); look++) {
      InForce file = inForce(applied);
      if (file == InForce.ANOTHER) {
        surroundings.err().println(whyTakenBack());
        return 1;
      }
      healthy = file == InForce.WORKS && healthy() ? healthy + 1 : 0;
      if (healthy >= 3) {
        say("In effect.");
        return 0;
      }
    }
    say("Not seen in effect yet: trivet status says what is missing.");
    return 0;
  }

  /// What became of the file that was applied.
  private enum InForce {
    ON_TRIAL,
    WORKS,
    ANOTHER
  }

  private InForce inForce(String applied) {
    try {
      JsonObject now = surroundings.daemon().ask(request("cluster-file"), SECONDS);
      if (now.has("text") && !now.get("text").getAsString().equals(applied)) {
        return InForce.ANOTHER;
      }
      boolean trial = now.has("onTrial") && now.get("onTrial").getAsBoolean();
      return trial ? InForce.ON_TRIAL : InForce.WORKS;
    } catch (Refused e) {
      return InForce.ON_TRIAL; // The daemon of this controller may be starting anew.
    }
  }

  private String whyTakenBack() {
    String why =
        "Another cluster file is in force by now: trivet events says who set it, or why this one"
            + " was taken back.";
    try {
      JsonObject said = surroundings.daemon().ask(request("events"), SECONDS);
      for (JsonElement event : said.getAsJsonArray("events")) {
        JsonObject notice = event.getAsJsonObject();
        String id = notice.get("id").getAsString();
        if (id.equals("cluster-file-taken-back") || id.equals("cluster-file-set")) {
          why = notice.get("text").getAsString();
        }
      }
    } catch (Refused e) {
      return why;
    }
    return why;
  }

  private boolean healthy() {
    try {
      JsonObject status = surroundings.daemon().ask(request("status"), SECONDS);
      return status.has("healthy") && status.get("healthy").getAsBoolean();
    } catch (Refused e) {
      return false; // The daemon of this controller may be starting anew.
    }
  }

  private void say(String sentence) {
    if (!json) {
      surroundings.out().println(sentence);
      surroundings.out().flush();
    }
  }

  private static @Nullable ClusterFile understood(String text) {
    return ClusterFileReader.read("the file in force", text) instanceof Reading.Accepted accepted
        ? accepted.file()
        : null;
  }

  private static JsonObject request(String command) {
    JsonObject request = new JsonObject();
    request.addProperty("command", command);
    return request;
  }
}
