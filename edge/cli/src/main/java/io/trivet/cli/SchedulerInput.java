package io.trivet.cli;

import com.google.gson.JsonObject;
import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Roster;
import io.trivet.scheduler.LeaderView;
import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.live.ClusterCib;
import io.trivet.scheduler.live.RecordedState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the scheduler is given: a CIB from a file, a cluster file of Trivet (all its controllers
/// are there and nothing runs yet, or a state was recorded), or the running cluster.
///
/// @param name what it is called in messages
/// @param cib the input
record SchedulerInput(String name, Element cib) {
  private static final long SECONDS = 5;
  private static final String RUNNING = "the running cluster";

  /// @param file null for the running cluster
  /// @throws Refused if it cannot be had
  /// @throws CibException if it is none
  static SchedulerInput of(@Nullable Path file, Surroundings surroundings) throws Refused {
    if (file == null) {
      return new SchedulerInput(RUNNING, CibReader.read(RUNNING, running(surroundings)));
    }
    String name = file.toString();
    if (isClusterFile(name)) {
      return new SchedulerInput(name, clusterFile(file, surroundings));
    }
    byte[] bytes = InputFile.read(file, CibReader.MAX_BYTES, "CIB");
    return new SchedulerInput(name, CibReader.read(name, bytes));
  }

  /// As [#of], with a recorded state for a cluster file.
  ///
  /// @param state a file that `--save` wrote, `running` for that of the running cluster, or null
  static SchedulerInput of(@Nullable Path file, @Nullable String state, Surroundings surroundings)
      throws Refused {
    if (state == null) {
      return of(file, surroundings);
    }
    if (file == null || !isClusterFile(file.toString())) {
      throw new Refused(
          "--state needs a cluster file: a CIB has its own state",
          "name one: trivet simulate cluster.yaml --state " + state,
          2);
    }
    SchedulerInput recorded = of(state.equals("running") ? null : Path.of(state), surroundings);
    return new SchedulerInput(
        file.toString(), RecordedState.under(clusterFile(file, surroundings), recorded.cib()));
  }

  private static boolean isClusterFile(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /// The text of the CIB that the daemon plans with now.
  static byte[] running(Surroundings surroundings) throws Refused {
    JsonObject request = new JsonObject();
    request.addProperty("command", "scheduler-input");
    JsonObject answer = surroundings.daemon().ask(request, SECONDS);
    if (!answer.has("cib")) {
      throw new Refused(
          "the cluster has no cluster file yet", "give it one: trivet cluster apply FILE", 3);
    }
    return answer.get("cib").getAsString().getBytes(StandardCharsets.UTF_8);
  }

  private static Element clusterFile(Path path, Surroundings surroundings) throws Refused {
    ClusterFileText text = ClusterFileText.read(path);
    text.tellProblems(surroundings);
    ClusterFile file = text.file();
    if (file == null) {
      throw new Refused(path + " is no cluster file that Trivet accepts", "mend it first", 1);
    }
    Configuration configuration = Expansion.of(file);
    long now = surroundings.nowMillis().getAsLong();
    ClusterState state = ClusterState.empty();
    state = apply(state, now, new Command.SetClusterFile(text.text(), Roster.of(configuration)));
    for (Configuration.Node node : configuration.nodes()) {
      state = apply(state, now, new Command.NodePresence(node.name(), Presence.PRESENT));
    }
    String first = configuration.nodes().getFirst().name();
    LeaderView view = new LeaderView(first, true, now, new TreeMap<>(), new TreeMap<>());
    return ClusterCib.of(configuration, state, view);
  }

  private static ClusterState apply(ClusterState state, long now, Command command) {
    return state.apply(state.index() + 1, Proposal.of(now, "trivet", command)).state();
  }
}
