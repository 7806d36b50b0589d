package io.trivet.scheduler;

import static java.util.Objects.requireNonNull;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.state.Applied;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A cluster on paper: the real state and the real planner, with nodes that do what they are told
/// when the test says so.
final class World {
  final String text;
  final Configuration configuration;
  final NavigableMap<String, ServicePolicy> policies = new TreeMap<>();
  final NavigableMap<String, LeaderView.Held> holders = new TreeMap<>();
  final NavigableMap<String, Long> incarnations = new TreeMap<>();
  final List<Notice> said = new ArrayList<>();
  ClusterState state = ClusterState.empty();
  String leader = "c1";
  boolean quorum = true;
  long nowMillis = 1_700_000_000_000L;

  World(String file) {
    text = resource("/" + file);
    configuration = Expansion.of(accepted(ClusterFileReader.read(file, text)));
    policies.put("galera", new FirstThenJoin());
    policies.put("rabbitmq", new FirstThenJoin());
    apply(new Command.SetClusterFile(text, Roster.of(configuration)));
    said.clear();
  }

  private static ClusterFile accepted(Reading reading) {
    return switch (reading) {
      case Reading.Accepted a -> a.file();
      case Reading.Refused r -> throw new IllegalArgumentException(r.problems().toString());
    };
  }

  static String resource(String path) {
    try (InputStream in = requireNonNull(World.class.getResourceAsStream(path), path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LeaderView view() {
    return new LeaderView(leader, quorum, nowMillis, holders, incarnations);
  }

  Transition plan() {
    return Planner.plan(configuration, state, view(), policies);
  }

  Applied apply(Command command) {
    return apply(Proposal.of(nowMillis, "admin", command));
  }

  Applied apply(Proposal proposal) {
    Applied applied = state.apply(state.index() + 1, proposal);
    state = applied.state();
    said.addAll(applied.notices());
    return applied;
  }

  /// Writes a plan down as the leader does.
  Applied carryOut(Transition transition) {
    return apply(new Proposal(nowMillis, "leader " + leader, state.index(), transition.command()));
  }

  void report(String resource, String node, RunState run, String detail) {
    Target target = state.target(resource, node);
    apply(
        new Command.Observe(
            node,
            List.of(Report.of(resource, node, run, target == null ? 0 : target.epoch(), detail))));
  }

  /// Nodes that are present do what they were told; the leases follow the assignments.
  void obey() {
    for (String resource : state.roster().resources()) {
      if (!state.roster().vips().contains(resource)) {
        state.roster().nodes().forEach(node -> obey(resource, node));
      }
    }
    lease();
  }

  /// Plans and obeys in turn until there is nothing to do.
  void settle() {
    for (int round = 0; round < 50; round++) {
      obey();
      Transition transition = plan();
      if (transition.isEmpty()) {
        return;
      }
      carryOut(transition);
    }
    throw new IllegalStateException("the plan never ends: " + plan().actions());
  }

  private void obey(String resource, String node) {
    if (!state.node(node).present()) {
      return;
    }
    Target target = state.target(resource, node);
    Report report = state.report(resource, node);
    RunState run = report == null ? RunState.UNKNOWN : report.run();
    boolean acted = target == null || report != null && report.actedEpoch() == target.epoch();
    if (!acted && target != null) {
      report(
          resource,
          node,
          target.wanted() == Wanted.STARTED ? RunState.STARTED : RunState.STOPPED,
          "");
      return;
    }
    switch (run) {
      case STARTING -> report(resource, node, RunState.STARTED, "");
      case STOPPING, UNKNOWN -> report(resource, node, RunState.STOPPED, "");
      case STARTED, STOPPED, FAILED -> {}
    }
  }

  /// The holder, or else the first heir that is eligible, answers.
  void lease() {
    for (VipAssignment vip : state.vips().values()) {
      String holder = vip.holder();
      String now = holder != null && state.node(holder).present() ? holder : heir(vip);
      if (now == null || !quorum) {
        holders.remove(vip.vip());
      } else {
        holders.put(vip.vip(), new LeaderView.Held(now, vip.epoch()));
      }
    }
  }

  private @Nullable String heir(VipAssignment vip) {
    return vip.heirs().stream()
        .filter(h -> state.node(h).eligible() && state.runState("haproxy", h) == RunState.STARTED)
        .findFirst()
        .orElse(null);
  }

  /// Like a database: the first one is bootstrapped when all members have reported, the others join
  /// it.
  static final class FirstThenJoin implements ServicePolicy {
    @Override
    public StartDecision mayStart(PolicyView view, String node) {
      if (view.startedAnywhere()) {
        return new StartDecision.Start("join", "another member is up");
      }
      for (String member : view.members()) {
        Target target = view.state().target(view.resource(), member);
        Report report = view.report(member);
        boolean acted = target == null || report != null && report.actedEpoch() >= target.epoch();
        if (target != null && target.how().equals(Target.BOOTSTRAP) && !acted) {
          return new StartDecision.Wait(member + " is bootstrapped first", null);
        }
      }
      List<String> silent =
          view.members().stream().filter(m -> view.runState(m) == RunState.UNKNOWN).toList();
      if (!silent.isEmpty() && !view.state().acceptedLosses().containsKey(view.resource())) {
        return new StartDecision.Wait(
            Words.list(silent) + " may have newer data and did not report",
            "trivet resource recover " + view.resource());
      }
      return new StartDecision.Start(
          Target.BOOTSTRAP, "no member is up and this one has the most advanced data");
    }
  }
}
