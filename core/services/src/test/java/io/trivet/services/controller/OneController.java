package io.trivet.services.controller;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.OnDisk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/// The production machine of one controller, c1, on a host that does at once what it is asked: a
/// disk, units, an HAProxy. What the machine wants of the outside world is written down as lines.
final class OneController {

  final ControllerMachine machine;
  private final TreeMap<String, String> disk = new TreeMap<>();
  private final TreeMap<String, String> units = new TreeMap<>();
  private final TreeMap<String, Integer> servers = new TreeMap<>();
  private final Deque<ControllerEvent> events = new ArrayDeque<>();
  private final List<String> did = new ArrayList<>();
  private long index;

  /// A VIP that the lease process here cannot take on; empty when it can take on any.
  String leasesRefuse = "";

  private long nowNanos;

  /// @param running units that run already
  OneController(String seed, String... running) {
    this("", new ServiceSets(), seed, running);
  }

  /// @param doubt of every file but the seed
  OneController(String doubt, ControllerMachine.Services services, String seed, String... running) {
    machine = new ControllerMachine("c1", 7, file(seed), services, doubt);
    for (String unit : running) {
      units.put(unit, "active");
    }
  }

  static Command.SetClusterFile file(String text) {
    Reading.Accepted file =
        assertInstanceOf(Reading.Accepted.class, ClusterFileReader.read("cluster.yaml", text));
    return new Command.SetClusterFile(text, Roster.of(Expansion.of(file.file())));
  }

  /// The file comes into force and this run begins; everything there is counts as settled.
  OneController begin(String text) {
    apply(file(text));
    apply(new Command.NodeStarted("c1", 7));
    apply(new Command.NodePresence("c1", Presence.PRESENT));
    pass(30);
    did();
    return this;
  }

  /// The log applies a command; what the machine reports itself is in the log at once, too.
  void apply(Command command) {
    index++;
    events.add(
        new ControllerEvent.EntryApplied(index, Proposal.of(1_000 + index, "test", command)));
    drain();
  }

  /// Another controller leads and takes what this one says.
  void follow() {
    events.add(new ControllerEvent.LeaderChanged("c2", false));
    drain();
  }

  /// What the kernel says of a VIP.
  void unfit(String vip, String why) {
    events.add(new ControllerEvent.VipCondition(vip, why, ""));
    drain();
  }

  /// Time passes.
  void pass(int seconds) {
    for (int i = 0; i < 10 * seconds; i++) {
      nowNanos += 100_000_000L;
      events.add(new ControllerEvent.Tick());
      drain();
    }
  }

  void restore(io.trivet.cluster.state.ClusterState state) {
    index = state.index();
    events.add(new ControllerEvent.StateRestored(state));
    drain();
  }

  String unit(String name) {
    return units.getOrDefault(name, "inactive");
  }

  /// What was done since this was asked last, but looking.
  List<String> did() {
    List<String> copy = List.copyOf(did);
    did.clear();
    return copy;
  }

  Report report(String resource) {
    Report report = machine.ownReports().get(resource);
    return report == null
        ? Report.of(resource, "c1", io.trivet.cluster.state.RunState.UNKNOWN, 0, "no report")
        : report;
  }

  private void drain() {
    for (ControllerEvent event = events.poll(); event != null; event = events.poll()) {
      for (ControllerEffect effect : machine.step(event, nowNanos, nowNanos / 1_000_000)) {
        carryOut(effect);
      }
    }
  }

  private void carryOut(ControllerEffect effect) {
    switch (effect) {
      case ControllerEffect.Submit submit -> {
        if (submit.proposal().command() instanceof Command.ClusterFileTried tried) {
          did.add(tried.failure().isEmpty() ? "tells that it works" : "tells " + tried.failure());
        }
        index++;
        events.add(new ControllerEvent.EntryApplied(index, submit.proposal()));
        events.add(new ControllerEvent.SubmitEnded(submit.token(), null));
      }
      case ControllerEffect.Perform perform ->
          perform.effects().forEach(asked -> perform(perform.resource(), asked));
      case ControllerEffect.SetEligible e ->
          did.add((e.eligible() ? "may serve " : "must not serve ") + e.vip());
      case ControllerEffect.UseClusterFile(ClusterFile file, long use) -> {
        did.add("uses another cluster file");
        String why = leasesRefuse.isEmpty() || file.vip(leasesRefuse) == null ? "" : "no room";
        events.add(new ControllerEvent.ClusterFileTaken(use, why));
      }
      case ControllerEffect.KeepClusterFile _ -> did.add("keeps the cluster file");
      case ControllerEffect.Print print -> did.add("says " + print.notice().id());
      case ControllerEffect.WatchUnits watch -> {
        did.add("watches " + String.join(" ", watch.units()));
        watch.units().forEach(this::tell);
      }
      case ControllerEffect.Assign _, ControllerEffect.MoveLeadership _ -> {}
    }
  }

  private void perform(String resource, AgentEffect effect) {
    switch (effect) {
      case AgentEffect.StartUnit e -> change("starts ", e.unit(), "active");
      case AgentEffect.StopUnit e -> change("stops ", e.unit(), "inactive");
      case AgentEffect.KillUnit e -> change("kills ", e.unit(), "failed");
      case AgentEffect.WriteFile e -> {
        disk.put(e.path(), e.text());
        did.add("writes " + e.path());
      }
      case AgentEffect.ReadFile e ->
          answer(resource, new AgentEvent.FileRead(e.tag(), read(e.path())));
      case AgentEffect.ListFolder e ->
          answer(resource, new AgentEvent.FolderListed(e.tag(), installed(e.path())));
      case AgentEffect.Run e -> {
        did.add("runs " + String.join(" ", e.argv()));
        answer(resource, new AgentEvent.ToolDone(e.tag(), 0, "", ""));
      }
      case AgentEffect.Sql e -> answer(resource, new AgentEvent.SqlDone(e.tag(), List.of(), "no"));
      case AgentEffect.Haproxy e ->
          answer(resource, new AgentEvent.HaproxyDone(e.tag(), List.of(haproxy(e)), null));
      case AgentEffect.TcpProbe e -> answer(resource, new AgentEvent.ProbeDone(e.tag(), true, ""));
      case AgentEffect.HttpProbe e ->
          answer(resource, new AgentEvent.ProbeDone(e.tag(), true, "200"));
      case AgentEffect.AmqpProbe e -> answer(resource, new AgentEvent.ProbeDone(e.tag(), true, ""));
      case AgentEffect.MemcachedProbe e ->
          answer(resource, new AgentEvent.ProbeDone(e.tag(), true, "VERSION 1.6.18"));
      case AgentEffect.WritableProbe e ->
          answer(resource, new AgentEvent.ProbeDone(e.tag(), true, ""));
      case AgentEffect.UnitCpu e -> answer(resource, new AgentEvent.CpuUsed(e.unit(), -1));
      case AgentEffect.EndConnections _, AgentEffect.Say _ -> {}
    }
  }

  private OnDisk<String> read(String path) {
    String text = disk.get(path);
    return text == null ? new OnDisk.Absent<>() : new OnDisk.There<>(text);
  }

  /// What a fresh installation of MariaDB has made, and nothing elsewhere.
  private static OnDisk<List<String>> installed(String path) {
    return path.equals("/var/lib/mysql")
        ? new OnDisk.There<>(List.of("ibdata1", "mysql"))
        : new OnDisk.Absent<>();
  }

  private String haproxy(AgentEffect.Haproxy talk) {
    for (String command : talk.commands()) {
      String[] words = command.split(" ");
      if (words.length == 5 && words[3].equals("state")) {
        servers.put(words[2], words[4].equals("maint") ? 1 : 0);
      }
    }
    StringBuilder text =
        new StringBuilder(
            "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state\n");
    servers.forEach(
        (server, admin) -> {
          String[] parts = server.split("/");
          text.append("2 ").append(parts[0]).append(" 1 ").append(parts[1]);
          text.append(" 10.77.0.11 2 ").append(admin).append('\n');
        });
    return text.toString();
  }

  private void change(String verb, String unit, String state) {
    did.add(verb + unit);
    units.put(unit, state);
    tell(unit);
  }

  private void tell(String unit) {
    String state = unit(unit);
    events.add(
        new ControllerEvent.UnitChanged(
            new AgentEvent.UnitChanged(
                unit, state, state.equals("active") ? "running" : "dead", "success")));
  }

  private void answer(String resource, AgentEvent event) {
    events.add(new ControllerEvent.AgentAnswered(resource, event));
  }
}
