package io.trivet.sim.site;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.OnDisk;
import io.trivet.services.controller.ControllerEffect;
import io.trivet.services.controller.ControllerEvent;
import io.trivet.services.controller.ControllerMachine;
import io.trivet.services.galera.GaleraConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One controller: power, network, disk, systemd's units, and the daemon with the production
/// machine in it.
final class Machine {
  static final String MARIADB = "mariadb.service";
  private static final long SILENT_NANOS = 520 * Site.MILLI;

  final Site site;
  final String name;
  final Map<String, String> disk = new TreeMap<>();

  /// Machines in the same segment reach each other.
  int segment;

  private final Map<String, String> units = new TreeMap<>();
  private final Map<String, Boolean> hears = new TreeMap<>();
  private boolean powered;
  private int power;
  private int life;
  private long incarnation;
  private @Nullable ControllerMachine control;
  private int delivered;
  private int durable;
  private boolean pumping;
  private long knownTerm = -1;
  private long tickAt = Long.MAX_VALUE;

  Machine(Site site, String name) {
    this.site = site;
    this.name = name;
  }

  boolean powered() {
    return powered;
  }

  /// Counts the times of power; what was begun before the last one is void.
  int power() {
    return power;
  }

  boolean running() {
    return powered && control != null;
  }

  @Nullable ControllerMachine control() {
    return control;
  }

  void powerOn() {
    if (powered) {
      return;
    }
    site.say(name, "power on");
    powered = true;
    power++;
    site.after(site.between(Site.SECOND, 3 * Site.SECOND), guarded(this::startDaemon));
    site.topologyChanged();
  }

  void powerOff() {
    if (!powered) {
      return;
    }
    site.say(name, "power off");
    powered = false;
    power++;
    units.clear();
    disk.remove("/run/trivet/galera.env");
    stopDaemon();
    site.databases.died(this);
    site.topologyChanged();
  }

  /// SIGKILL of the daemon; systemd starts it again.
  void killDaemon() {
    if (running()) {
      site.say(name, "daemon killed");
      stopDaemon();
      site.topologyChanged();
      site.after(site.between(Site.SECOND, 3 * Site.SECOND), guarded(this::startDaemon));
    }
  }

  /// What happens only if the power stays as it is.
  Runnable guarded(Runnable what) {
    int then = power;
    return () -> {
      if (power == then) {
        what.run();
      }
    };
  }

  private void stopDaemon() {
    durable = delivered;
    control = null;
    life++;
    hears.clear();
    knownTerm = -1;
    tickAt = Long.MAX_VALUE;
  }

  private void startDaemon() {
    if (control != null) {
      return;
    }
    life++;
    incarnation = power * 1_000L + life;
    control = new ControllerMachine(name, incarnation, SiteFile.SEED, new SiteFile());
    site.say(name, "daemon starts");
    // A snapshot, and what was applied after it, is there at once; the rest comes from the leader.
    int from = durable == 0 ? 0 : site.chance.nextInt(durable + 1);
    delivered = from;
    if (from > 0) {
      ClusterState state = ClusterState.empty();
      for (int i = 1; i <= from; i++) {
        state = state.apply(i, site.log.entry(i)).state();
      }
      post(new ControllerEvent.StateRestored(state));
    }
    while (delivered < durable) {
      applyNext();
    }
    site.log.tellLeader(this);
    site.topologyChanged();
  }

  // The log

  /// Gets the next committed entry, if the leader is in reach.
  void pump() {
    if (pumping || delivered >= site.log.size() || !running()) {
      return;
    }
    Machine leader = site.log.leader();
    if (leader == null || !site.reach(this, leader)) {
      return;
    }
    pumping = true;
    int then = life;
    site.after(
        leader == this ? Site.MILLI / 10 : site.between(Site.MILLI, 12 * Site.MILLI),
        () -> {
          pumping = false;
          if (life == then && running() && delivered < site.log.size()) {
            applyNext();
          }
          pump();
        });
  }

  /// The term of the leader that it was told of last.
  boolean knowsTerm(long term) {
    return knownTerm == term;
  }

  void learnTerm(long term) {
    knownTerm = term;
  }

  void applyAll() {
    while (delivered < site.log.size()) {
      applyNext();
    }
  }

  private void applyNext() {
    delivered++;
    Proposal proposal = site.log.entry(delivered);
    post(new ControllerEvent.EntryApplied(delivered, proposal));
  }

  // Who is heard

  void lookAround() {
    if (!running()) {
      return;
    }
    for (Machine peer : site.machines) {
      if (peer != this && !Boolean.valueOf(audible(peer)).equals(hears.get(peer.name))) {
        int then = life;
        long delay = audible(peer) ? site.between(10 * Site.MILLI, 80 * Site.MILLI) : SILENT_NANOS;
        site.after(
            delay,
            () -> {
              if (life == then) {
                notice(peer);
              }
            });
      }
    }
  }

  private boolean audible(Machine peer) {
    return peer.running() && site.reach(this, peer);
  }

  private void notice(Machine peer) {
    boolean heard = audible(peer);
    if (!Boolean.valueOf(heard).equals(hears.put(peer.name, heard))) {
      post(
          heard
              ? new ControllerEvent.PeerHeard(peer.name)
              : new ControllerEvent.PeerSilent(peer.name));
      if (heard) {
        post(new ControllerEvent.PeerBegan(peer.name, peer.incarnation));
      }
    }
  }

  // The machine's events and effects

  void post(ControllerEvent event) {
    ControllerMachine machine = control;
    if (machine == null || !powered) {
      return;
    }
    List<ControllerEffect> effects = machine.step(event, site.now(), site.millis());
    effects.forEach(this::carryOut);
    wake(machine);
  }

  private void wake(ControllerMachine machine) {
    long due = Math.max(site.now() + Site.MILLI, machine.dueAtNanos(site.now()));
    if (due >= tickAt || due == Long.MAX_VALUE) {
      return;
    }
    tickAt = due;
    int then = life;
    site.after(
        due - site.now(),
        () -> {
          if (life == then && tickAt == due) {
            tickAt = Long.MAX_VALUE;
            post(new ControllerEvent.Tick());
          }
        });
  }

  private void carryOut(ControllerEffect effect) {
    switch (effect) {
      case ControllerEffect.Submit e -> {
        checkOrders(e.proposal());
        site.log.submit(this, e.token(), e.proposal());
      }
      case ControllerEffect.Perform e -> e.effects().forEach(asked -> perform(e.resource(), asked));
      case ControllerEffect.MoveLeadership e -> site.after(Site.MILLI, () -> site.log.move(e.to()));
      case ControllerEffect.WatchUnits e ->
          e.units().forEach(unit -> site.after(Site.MILLI, guarded(() -> tellUnit(unit))));
      case ControllerEffect.Print e -> {
        if (site.log.leader() == this) {
          site.say(name, e.notice().text());
        }
      }
      case ControllerEffect.Assign _,
          ControllerEffect.SetEligible _,
          ControllerEffect.UseClusterFile _ -> {}
    }
  }

  /// Law 4: only a leader decides, and it has a majority.
  private void checkOrders(Proposal proposal) {
    if (proposal.by().startsWith("leader ") && site.log.leader() != this) {
      site.breach(name + " decides and does not lead: " + proposal);
    }
  }

  private void answer(String resource, long delay, AgentEvent event) {
    int then = life;
    site.after(
        delay,
        guarded(
            () -> {
              if (life == then) {
                post(new ControllerEvent.AgentAnswered(resource, event));
              }
            }));
  }

  private void perform(String resource, AgentEffect effect) {
    long soon = site.between(Site.MILLI, 20 * Site.MILLI);
    switch (effect) {
      case AgentEffect.StartUnit e -> start(e.unit());
      case AgentEffect.StopUnit e -> stop(e.unit());
      case AgentEffect.KillUnit e -> kill(e.unit());
      case AgentEffect.WriteFile e -> disk.put(e.path(), e.text());
      case AgentEffect.ReadFile e ->
          answer(resource, soon, new AgentEvent.FileRead(e.tag(), read(e.path())));
      case AgentEffect.ListFolder e ->
          answer(resource, soon, new AgentEvent.FolderListed(e.tag(), list(e.path())));
      case AgentEffect.Run e -> run(resource, e);
      case AgentEffect.Sql e -> answer(resource, soon, site.databases.sql(this, e));
      case AgentEffect.TcpProbe e -> answer(resource, soon, probe(e));
      case AgentEffect.AmqpProbe e ->
          answer(resource, soon, new AgentEvent.ProbeDone(e.tag(), false, "connection refused"));
      case AgentEffect.HttpProbe e ->
          answer(resource, soon, new AgentEvent.ProbeDone(e.tag(), true, "HTTP/1.1 200 OK"));
      case AgentEffect.Haproxy e ->
          answer(resource, soon, new AgentEvent.HaproxyDone(e.tag(), List.of(), "no socket"));
      case AgentEffect.EndConnections _ -> {}
      case AgentEffect.Say e ->
          site.log.submit(this, 0, Proposal.of(site.millis(), name, new Command.Say(e.notice())));
    }
  }

  private OnDisk<String> read(String path) {
    String text = disk.get(path);
    return text == null ? new OnDisk.Absent<>() : new OnDisk.There<>(text);
  }

  /// What a fresh installation of MariaDB has made, and nothing elsewhere.
  private static OnDisk<List<String>> list(String path) {
    return path.equals(GaleraConfig.DATA)
        ? new OnDisk.There<>(List.of("ibdata1", "mysql"))
        : new OnDisk.Absent<>();
  }

  private void run(String resource, AgentEffect.Run run) {
    if (run.argv().contains("--wsrep-recover")) {
      String position = site.databases.recovered(this);
      answer(resource, 400 * Site.MILLI, new AgentEvent.ToolDone(run.tag(), 0, "", position));
    } else {
      answer(resource, 200 * Site.MILLI, new AgentEvent.ToolDone(run.tag(), 0, "", ""));
    }
  }

  private AgentEvent.ProbeDone probe(AgentEffect.TcpProbe probe) {
    Machine target = site.machines.get(probe.host().charAt(probe.host().length() - 1) - '1');
    boolean galera = probe.port() == 4567;
    boolean ok = site.reach(this, target) && (!galera || site.databases.listens(target));
    return new AgentEvent.ProbeDone(probe.tag(), ok, ok ? "connected" : "connection refused");
  }

  // systemd

  private void start(String unit) {
    if (unit.equals(MARIADB)) {
      site.databases.start(this);
    } else if (!units.getOrDefault(unit, "inactive").equals("active")) {
      setUnit(unit, "activating");
      site.after(
          site.between(100 * Site.MILLI, 2 * Site.SECOND), guarded(() -> setUnit(unit, "active")));
    }
  }

  private void stop(String unit) {
    if (unit.equals(MARIADB)) {
      site.databases.stop(this);
    } else {
      setUnit(unit, "inactive");
    }
  }

  void kill(String unit) {
    if (unit.equals(MARIADB)) {
      site.databases.kill(this);
    } else if (units.getOrDefault(unit, "inactive").equals("active")) {
      setUnit(unit, "failed");
    }
  }

  void setUnit(String unit, String active) {
    units.put(unit, active);
    site.after(Site.MILLI, guarded(() -> tellUnit(unit)));
  }

  private void tellUnit(String unit) {
    String active = units.getOrDefault(unit, "inactive");
    String result = active.equals("failed") ? "signal" : "success";
    post(new ControllerEvent.UnitChanged(new AgentEvent.UnitChanged(unit, active, "", result)));
  }
}
