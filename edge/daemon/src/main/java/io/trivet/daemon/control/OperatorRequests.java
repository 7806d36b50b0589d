package io.trivet.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.trivet.cluster.UnitLease;
import io.trivet.cluster.state.AcceptedLoss;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Recovery;
import io.trivet.cluster.state.RunState;
import io.trivet.daemon.apply.Survey;
import io.trivet.daemon.json.Json;
import io.trivet.daemon.loop.ControllerLoop;
import io.trivet.daemon.loop.ProposalGate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What an operator can ask of the daemon, on any controller. Looking works always; changes go
/// through the replicated log, so they need a quorum, and are told as done only when they are.
public final class OperatorRequests {
  private static final long SUBMIT_SECONDS = 5;
  private static final long MOVE_NANOS = 10_000_000_000L;
  private static final long LOOK_AGAIN_NANOS = 5_000_000L;
  private static final long FOLLOW_NANOS = 200_000_000L;

  private final Supplier<ControllerLoop.@Nullable View> view;
  private final Supplier<JsonObject> status;
  private final Supplier<JsonObject> schedulerInput;
  private final OwnNotices ownNotices;
  private final ProposalGate gate;
  private final BiFunction<String, String, ClusterFileCheck> clusterFiles;
  private final BiFunction<String, String, Survey.Outcome> survey;

  /// A cluster file that somebody wants to apply.
  ///
  /// @param command the command that applies it, null when it is refused
  /// @param problems what is wrong with it, a line each
  public record ClusterFileCheck(Command.@Nullable SetClusterFile command, List<String> problems) {}

  /// @param ownNotices what only this controller knows
  /// @param clusterFiles checks a cluster file, given its name and its text
  /// @param survey asks every controller whether it can run it; blocks for some seconds at most
  public OperatorRequests(
      Supplier<ControllerLoop.@Nullable View> view,
      Supplier<JsonObject> status,
      Supplier<JsonObject> schedulerInput,
      OwnNotices ownNotices,
      ProposalGate gate,
      BiFunction<String, String, ClusterFileCheck> clusterFiles,
      BiFunction<String, String, Survey.Outcome> survey) {
    this.view = view;
    this.status = status;
    this.schedulerInput = schedulerInput;
    this.ownNotices = ownNotices;
    this.gate = gate;
    this.clusterFiles = clusterFiles;
    this.survey = survey;
  }

  /// Answers one request; blocks until it is answered.
  public void handle(Request request, Reply reply) {
    ControllerLoop.View now = view.get();
    if (now == null) {
      reply.refuse("the daemon is still starting", "try again in a moment", 3);
      return;
    }
    switch (request.command()) {
      case "status" -> reply.end(status.get());
      case "scheduler-input" -> reply.end(schedulerInput.get());
      case "cluster-file" -> clusterFile(now.state(), reply);
      case "events" -> events(request, reply);
      default -> change(request, now.state(), reply);
    }
  }

  private void change(Request request, ClusterState state, Reply reply) {
    if (!request.caller().mayChange()) {
      reply.refuse(
          request.caller().user() + " may look, but not change the cluster",
          Caller.HOW_TO_BE_PERMITTED,
          4);
      return;
    }
    switch (request.command()) {
      case "resource-move" -> move(request, state, reply);
      case "resource-clear" ->
          withResource(
              request,
              state,
              reply,
              resource -> submit(request, new Command.ClearPreference(resource), reply));
      case "accept-loss" ->
          withResource(
              request,
              state,
              reply,
              resource ->
                  withNode(
                      request,
                      state,
                      reply,
                      node -> acceptLoss(request, state, resource, node, reply)));
      case "withdraw-loss" ->
          withResource(request, state, reply, resource -> withdrawLoss(request, resource, reply));
      case "node-standby" ->
          withNode(
              request,
              state,
              reply,
              node -> submit(request, new Command.SetStandby(node, true), reply));
      case "node-online" ->
          withNode(
              request,
              state,
              reply,
              node -> submit(request, new Command.SetStandby(node, false), reply));
      case "cluster-apply" -> apply(request, reply);
      default ->
          reply.refuse("there is no command \"" + request.command() + "\"", "see trivet --help", 2);
    }
  }

  private void move(Request request, ClusterState state, Reply reply) {
    withResource(
        request,
        state,
        reply,
        resource ->
            withNode(
                request,
                state,
                reply,
                node -> {
                  long began = System.nanoTime();
                  if (!state.node(node).eligible()) {
                    reply.refuse(
                        node + (state.node(node).present() ? " is in standby" : " is gone"),
                        "choose a controller that is present and online: see trivet status",
                        3);
                    return;
                  }
                  if (!submitted(request, new Command.Prefer(resource, node), reply)) {
                    return;
                  }
                  boolean there = await(() -> runsOnlyOn(resource, node), began + MOVE_NANOS);
                  JsonObject answer = new JsonObject();
                  answer.addProperty("resource", resource);
                  answer.addProperty("node", node);
                  answer.addProperty("moved", there);
                  answer.addProperty(
                      "millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                  if (there) {
                    reply.end(answer);
                  } else {
                    reply.refuse(
                        resource
                            + " is not on "
                            + node
                            + " after "
                            + MOVE_NANOS / 1_000_000_000L
                            + " s",
                        "the wish stands; see trivet status for what it waits for, trivet resource"
                            + " clear "
                            + resource
                            + " takes it back",
                        3);
                  }
                }));
  }

  /// Looked at before, so that the reason is told to the caller; what counts is what the log says.
  private void acceptLoss(
      Request request, ClusterState state, String resource, String node, Reply reply) {
    String why = Recovery.whyNot(state, resource, node);
    if (why != null) {
      reply.refuse(why, "see what it waits for: trivet status", 3);
      return;
    }
    if (!submitted(request, new Command.AcceptLoss(resource, node), reply)) {
      return;
    }
    ControllerLoop.View now = view.get();
    AcceptedLoss accepted = now == null ? null : now.state().acceptedLosses().get(resource);
    List<String> lost =
        accepted != null && accepted.node().equals(node)
            ? accepted.lost()
            : Recovery.price(state, resource, node);
    JsonObject answer = new JsonObject();
    answer.addProperty("node", node);
    JsonArray names = new JsonArray();
    lost.forEach(names::add);
    answer.add("lost", names);
    answer.addProperty("loss", Recovery.loss(lost));
    reply.end(answer);
  }

  private void withdrawLoss(Request request, String resource, Reply reply) {
    ControllerLoop.View now = view.get();
    if (now == null || !now.state().acceptedLosses().containsKey(resource)) {
      reply.refuse(
          "no loss of " + resource + " is accepted, so there is nothing to take back",
          "it ends by itself when it is used, or when nothing has to be decided any more: trivet"
              + " events",
          3);
      return;
    }
    submit(request, new Command.WithdrawLoss(resource), reply);
  }

  private boolean runsOnlyOn(String resource, String node) {
    ControllerLoop.View now = view.get();
    if (now == null) {
      return false;
    }
    ClusterState state = now.state();
    return state.roster().nodes().stream()
        .allMatch(n -> (state.runState(resource, n) == RunState.STARTED) == n.equals(node));
  }

  private void apply(Request request, Reply reply) {
    ClusterFileCheck check = clusterFiles.apply(request.text("name"), request.text("text"));
    if (check.command() == null) {
      reply.refuse(
          "the cluster file is refused:\n" + String.join("\n", check.problems()),
          "mend it and apply it again; the running cluster goes on as it was",
          1);
      return;
    }
    if (agreed(request, reply)) {
      submit(request, check.command(), reply);
    }
  }

  /// Every controller is asked what only it can know, before anything is written down.
  private boolean agreed(Request request, Reply reply) {
    List<String> unasked =
        Arrays.stream(request.text("withoutChecking").split(",", -1))
            .filter(name -> !name.isBlank())
            .toList();
    ControllerLoop.View now = view.get();
    List<String> known = now == null ? List.of() : now.state().roster().nodes();
    for (String name : unasked) {
      if (!known.contains(name)) {
        reply.refuse(
            "there is no controller \"" + name + "\"", "known are: " + String.join(", ", known), 2);
        return false;
      }
    }
    Survey.Outcome said = survey.apply(request.text("name"), request.text("text"));
    if (!said.objections().isEmpty()) {
      reply.refuse(
          "the cluster file is refused:\n" + String.join("\n", said.objections()),
          "mend what is said and apply it again; the running cluster goes on as it was",
          1);
      return false;
    }
    List<String> silent = said.silent().stream().filter(name -> !unasked.contains(name)).toList();
    if (!silent.isEmpty()) {
      String names = String.join(" and ", silent);
      reply.refuse(
          names + " did not answer whether the file can be run there, so nothing was changed",
          "see what is wrong there: trivet status; or apply it all the same, where it is known to"
              + " fit: --without-checking "
              + String.join(",", silent),
          3);
      return false;
    }
    return true;
  }

  /// The cluster file in force, which has no secrets; an empty answer where there is none.
  private static void clusterFile(ClusterState state, Reply reply) {
    JsonObject answer = new JsonObject();
    String text = state.clusterFile();
    if (text != null) {
      answer.addProperty("text", text);
      answer.addProperty("epoch", state.clusterFileEpoch());
      answer.addProperty("onTrial", state.trial() != null);
    }
    reply.end(answer);
  }

  private void events(Request request, Reply reply) {
    long since = number(request.body().get("sinceMillis"));
    boolean follow = request.body().has("follow") && request.body().get("follow").getAsBoolean();
    ControllerLoop.View now = view.get();
    if (now == null) {
      return;
    }
    OwnNotices.Part all = ownNotices.after(OwnNotices.Mark.BEGINNING, now.state());
    List<Notice> notices = all.notices().stream().filter(n -> n.atMillis() >= since).toList();
    if (!follow) {
      JsonObject answer = new JsonObject();
      JsonArray events = new JsonArray();
      notices.forEach(notice -> events.add(json(notice)));
      answer.add("events", events);
      reply.end(answer);
      return;
    }
    for (Notice notice : notices) {
      if (!reply.line(json(notice))) {
        return;
      }
    }
    follow(all.end(), reply);
  }

  private void follow(OwnNotices.Mark alreadyTold, Reply reply) {
    OwnNotices.Mark told = alreadyTold;
    while (pause(FOLLOW_NANOS)) {
      ControllerLoop.View now = view.get();
      if (now == null) {
        return;
      }
      OwnNotices.Part fresh = ownNotices.after(told, now.state());
      told = fresh.end();
      for (Notice notice : fresh.notices()) {
        if (!reply.line(json(notice))) {
          return;
        }
      }
    }
  }

  private static JsonObject json(Notice notice) {
    return JsonParser.parseString(Json.text(notice, Notice.class)).getAsJsonObject();
  }

  private void withResource(
      Request request, ClusterState state, Reply reply, java.util.function.Consumer<String> then) {
    List<String> resources =
        state.roster().resources().stream().filter(resource -> !UnitLease.is(resource)).toList();
    named(request.text("resource"), "resource", resources, reply, then);
  }

  private void withNode(
      Request request, ClusterState state, Reply reply, java.util.function.Consumer<String> then) {
    named(request.text("node"), "controller", state.roster().nodes(), reply, then);
  }

  private static void named(
      String name,
      String kind,
      List<String> known,
      Reply reply,
      java.util.function.Consumer<String> then) {
    if (known.contains(name)) {
      then.accept(name);
    } else {
      reply.refuse(
          "there is no " + kind + " \"" + name + "\"", "known are: " + String.join(", ", known), 2);
    }
  }

  private void submit(Request request, Command command, Reply reply) {
    if (submitted(request, command, reply)) {
      reply.end(new JsonObject());
    }
  }

  private boolean submitted(Request request, Command command, Reply reply) {
    Proposal proposal =
        Proposal.of(System.currentTimeMillis(), "operator " + request.caller().user(), command);
    try {
      long index = gate.submit(proposal).get(SUBMIT_SECONDS, TimeUnit.SECONDS);
      // The caller may look at once; show it what it changed.
      await(() -> appliedHere(index), System.nanoTime() + 1_000_000_000L);
      return true;
    } catch (ExecutionException e) {
      refused(reply, ProposalGate.why(e.getCause() == null ? e : e.getCause()));
    } catch (TimeoutException e) {
      refused(reply, "no majority answered within " + SUBMIT_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refused(reply, "the daemon is stopping");
    }
    return false;
  }

  private boolean appliedHere(long index) {
    ControllerLoop.View now = view.get();
    return now != null && now.state().index() >= index;
  }

  /// It may be applied all the same, when the leader was lost in between.
  private static void refused(Reply reply, String why) {
    reply.refuse(
        "the change was not written down: " + why,
        "a change needs a majority of the controllers: trivet status says what is missing, and"
            + " whether the change took effect in spite of this",
        3);
  }

  private static long number(@Nullable JsonElement value) {
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()
        ? value.getAsLong()
        : 0;
  }

  private static boolean await(BooleanSupplier condition, long untilNanos) {
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - untilNanos > 0 || !pause(LOOK_AGAIN_NANOS)) {
        return false;
      }
    }
    return true;
  }

  private static boolean pause(long nanos) {
    java.util.concurrent.locks.LockSupport.parkNanos(nanos);
    return !Thread.currentThread().isInterrupted();
  }
}
