package io.trivet.sim.site;

import io.trivet.cluster.UnitFence;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.controller.ControllerEffect;
import io.trivet.services.controller.ControllerEvent;
import io.trivet.services.controller.ControllerMachine;
import io.trivet.sim.Node;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One controller: power, network, disk, systemd's units, and the daemon with the production
/// machine in it.
final class Machine {
  static final String MARIADB = "mariadb.service";
  static final String API = "apache2.service";
  static final String BALANCER = "trivet-haproxy.service";
  private static final long ELECTION_NANOS = 600 * Site.MILLI;
  private static final long GRACE_NANOS = 15 * Site.SECOND;
  private static final int DOUBTED_STARTS = 2;

  final Site site;
  final String name;
  final Map<String, String> disk = new TreeMap<>();

  final int index;
  final Node leases;
  final Files files;
  final Singleton singleton;

  /// VIPs of which this run of the daemon has said whether they can be served.
  private final Set<Integer> said = new TreeSet<>();

  private final LeaseFacts facts = new LeaseFacts();
  private final Map<String, String> units = new TreeMap<>();
  private final Map<String, Long> hangsUntil = new TreeMap<>();
  private boolean powered;
  private int power;
  private int life;
  private long frozenUntil;
  private final ArrayDeque<ControllerEvent> waiting = new ArrayDeque<>();
  private long toolsHangUntil;
  private long wallOffsetMillis;
  private @Nullable ControllerMachine control;

  /// The cluster file that worked here last, on the disk, and how often a daemon was started since
  /// one worked.
  private Command.SetClusterFile kept;

  private int unsettledStarts;
  private int delivered;
  private int durable;
  private boolean pumping;
  private long knownTerm = -1;
  private long tickAt = Long.MAX_VALUE;

  Machine(Site site, String name, int index) {
    this.site = site;
    this.name = name;
    this.index = index;
    kept = site.file.seed();
    leases = new Node(site, index);
    files = new Files(site, disk);
    singleton = new Singleton(this);
  }

  boolean onNetwork() {
    return powered && !leases.standsStill();
  }

  /// What its wall clock says.
  long millis() {
    return site.millis() + wallOffsetMillis;
  }

  void jumpClock(long millis) {
    wallOffsetMillis += millis;
    site.say(name, "wall clock jumps by " + millis + " ms");
  }

  boolean powered() {
    return powered;
  }

  /// Counts the times of power; what was begun before the last one is void.
  int power() {
    return power;
  }

  boolean running() {
    return onNetwork() && control != null && site.now() >= frozenUntil;
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
    singleton.powerOff();
    hangsUntil.clear();
    frozenUntil = 0;
    disk.remove("/run/trivet/galera.env");
    stopDaemon();
    leases.powerOff();
    facts.gone();
    for (int vip = 0; vip < site.vips().size(); vip++) {
      leases.serve(vip, false);
    }
    site.databases.died(this);
    site.topologyChanged();
  }

  /// SIGKILL of the daemon; systemd starts it again.
  void killDaemon() {
    if (powered && control != null) {
      site.say(name, "daemon killed");
      stopDaemon();
      site.topologyChanged();
      site.after(site.between(Site.SECOND, 3 * Site.SECOND), guarded(this::startDaemon));
    }
  }

  /// SIGKILL of the lease process; systemd starts it again.
  void killLeases() {
    if (powered && leases.powered()) {
      leases.crash();
      facts.gone().forEach(this::later);
      site.after(
          site.between(200 * Site.MILLI, Site.SECOND),
          guarded(
              () -> {
                if (leases.powered()) {
                  leases.startDaemon();
                }
              }));
    }
  }

  /// The daemon's threads stand still, but that of the leases.
  void freezeDaemon(long nanos) {
    site.say(name, "daemon frozen for " + nanos / Site.MILLI + " ms");
    frozenUntil = Math.max(frozenUntil, site.now() + nanos);
    site.after(ELECTION_NANOS, site::topologyChanged);
    site.after(nanos, site::topologyChanged);
  }

  /// The whole machine stands still.
  void stand(long nanos, boolean noticed) {
    if (powered) {
      freezeDaemon(nanos);
      leases.stand(nanos, noticed);
      site.topologyChanged();
    }
  }

  /// All is well again.
  void heal() {
    frozenUntil = site.now();
    thawAt(frozenUntil);
    toolsHangUntil = 0;
    singleton.heal();
    wallOffsetMillis = 0;
    hangsUntil.clear();
    files.heal();
    powerOn();
    if (leases.powered()) {
      leases.heal();
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
    waiting.clear();
    control = null;
    life++;
    knownTerm = -1;
    tickAt = Long.MAX_VALUE;
  }

  private void startDaemon() {
    if (control != null) {
      return;
    }
    life++;
    long run = power * 1_000L + life;
    leases.attend(run);
    leases.powerOn();
    leases.startDaemon();
    unsettledStarts++;
    String doubt = unsettledStarts > DOUBTED_STARTS ? "the daemon ended with it before" : "";
    control = new ControllerMachine(name, run, kept, site.file, doubt);
    site.say(name, "daemon starts");
    // The leases bear with an earlier run's word on the VIPs for so long.
    said.clear();
    facts.picture().forEach(this::later);
    int then = life;
    site.after(
        GRACE_NANOS,
        () -> {
          for (int vip = 0; vip < site.vips().size(); vip++) {
            if (life == then && !said.contains(vip)) {
              leases.serve(vip, false);
            }
          }
        });
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

  // What the leases say

  void told(LeaseEffect fact) {
    ControllerEvent event = facts.note(fact);
    if (event != null) {
      later(event);
    }
  }

  void holdChanged(String vip, boolean holding, long epoch) {
    facts.holds(vip, holding, epoch);
    later(new ControllerEvent.HoldChanged(vip, holding, epoch));
  }

  private void later(ControllerEvent event) {
    int then = life;
    site.after(
        Site.MILLI / 10,
        () -> {
          if (life == then) {
            post(event);
          }
        });
  }

  // The machine's events and effects

  void post(ControllerEvent event) {
    ControllerMachine machine = control;
    if (machine == null || !powered) {
      return;
    }
    if (site.now() < frozenUntil || !waiting.isEmpty()) {
      waiting.add(event);
      thawAt(frozenUntil);
      return;
    }
    step(machine, event);
  }

  /// What came while the daemon stood still is taken in its order.
  private void thawAt(long time) {
    int then = life;
    site.at(
        time,
        () -> {
          while (life == then && site.now() >= frozenUntil && !waiting.isEmpty()) {
            ControllerMachine machine = control;
            ControllerEvent event = waiting.remove();
            if (machine != null) {
              step(machine, event);
            }
          }
        });
  }

  private void step(ControllerMachine machine, ControllerEvent event) {
    List<ControllerEffect> effects = machine.step(event, site.now(), millis());
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
      case ControllerEffect.Submit e -> site.log.submit(this, e.token(), e.proposal());
      case ControllerEffect.Perform e -> e.effects().forEach(asked -> perform(e.resource(), asked));
      case ControllerEffect.MoveLeadership e -> site.after(Site.MILLI, () -> site.log.move(e.to()));
      case ControllerEffect.WatchUnits e ->
          e.units().forEach(unit -> site.after(Site.MILLI, guarded(() -> tellUnit(unit))));
      case ControllerEffect.Print e -> {
        if (site.log.leader() == this) {
          site.say(name, e.notice().text());
        }
      }
      case ControllerEffect.Assign e -> {
        leases.log();
        if (e.tellOthers()) {
          LeaseMessage told = new LeaseMessage.Assignments(name, e.assignments());
          site.machines.stream()
              .filter(m -> m != this)
              .forEach(m -> site.send(index, m.index, told));
        }
      }
      case ControllerEffect.SetEligible(String vip, boolean may) -> {
        said.add(site.vips().indexOf(vip));
        leases.serve(site.vips().indexOf(vip), may);
      }
      case ControllerEffect.UseClusterFile(ClusterFile file, long use) -> useFile(file, use);
      case ControllerEffect.KeepClusterFile(String text) -> {
        kept = site.file.command(text);
        unsettledStarts = 0;
      }
    }
  }

  private void useFile(ClusterFile file, long use) {
    if (SiteFile.Flaw.DEADLY.of(file, name)) {
      site.after(0, guarded(this::killDaemon));
      return;
    }
    String why = SiteFile.Flaw.REFUSED.of(file, name) ? "the kernel refuses" : "";
    later(new ControllerEvent.ClusterFileTaken(use, why));
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
      case AgentEffect.StartUnit e -> {
        site.laws.starts(this, resource, e.unit());
        start(e.unit());
      }
      case AgentEffect.StopUnit e -> stop(e.unit());
      case AgentEffect.KillUnit e -> kill(e.unit());
      case AgentEffect.WriteFile e -> disk.put(e.path(), e.text());
      case AgentEffect.ReadFile e ->
          answer(resource, soon, new AgentEvent.FileRead(e.tag(), files.read(e.path())));
      case AgentEffect.ListFolder e ->
          answer(resource, soon, new AgentEvent.FolderListed(e.tag(), files.list(e.path())));
      case AgentEffect.Run e -> run(resource, e);
      case AgentEffect.Sql e -> answer(resource, soon, site.databases.sql(this, e));
      case AgentEffect.TcpProbe e -> answer(resource, soon, probe(e));
      case AgentEffect.AmqpProbe e -> answer(resource, soon, amqp(e));
      case AgentEffect.MemcachedProbe e ->
          answer(resource, soon, new AgentEvent.ProbeDone(e.tag(), true, "VERSION 1.6"));
      case AgentEffect.WritableProbe e ->
          answer(resource, soon, new AgentEvent.ProbeDone(e.tag(), true, ""));
      case AgentEffect.UnitCpu e ->
          answer(resource, soon, new AgentEvent.CpuUsed(e.unit(), hangs(e.unit()) ? 0 : -1));
      case AgentEffect.HttpProbe e ->
          answer(
              resource,
              hangs(API) ? e.timeoutNanos() : soon,
              hangs(API)
                  ? new AgentEvent.ProbeDone(e.tag(), false, AgentEvent.NO_ANSWER)
                  : new AgentEvent.ProbeDone(e.tag(), true, "HTTP/1.1 200 OK"));
      case AgentEffect.Haproxy e ->
          answer(resource, soon, new AgentEvent.HaproxyDone(e.tag(), List.of(), "no socket"));
      case AgentEffect.EndConnections _ -> {}
      case AgentEffect.Say e ->
          site.log.submit(this, 0, Proposal.of(millis(), name, new Command.Say(e.notice())));
    }
  }

  private void run(String resource, AgentEffect.Run run) {
    if (site.now() < toolsHangUntil) {
      AgentEvent gaveUp = new AgentEvent.ToolDone(run.tag(), -1, "", "took too long");
      answer(resource, run.timeoutNanos(), gaveUp);
    } else if (run.argv().contains("--wsrep-recover") && !files.readable()) {
      AgentEvent broken = new AgentEvent.ToolDone(run.tag(), 1, "", "Input/output error");
      answer(resource, 400 * Site.MILLI, broken);
    } else if (run.argv().contains("--wsrep-recover")) {
      String position = site.databases.recovered(this);
      answer(resource, 400 * Site.MILLI, new AgentEvent.ToolDone(run.tag(), 0, "", position));
    } else if (run.argv().contains(Singleton.UNIT)) {
      String properties =
          "LoadState=loaded\nSlice="
              + UnitFence.slice(Singleton.RESOURCE)
              + "\nPrivateNetwork=no\n";
      answer(resource, 200 * Site.MILLI, new AgentEvent.ToolDone(run.tag(), 0, properties, ""));
    } else {
      answer(resource, 200 * Site.MILLI, new AgentEvent.ToolDone(run.tag(), 0, "", ""));
    }
  }

  void hangTools(long nanos) {
    site.say(name, "tools hang");
    toolsHangUntil = site.now() + nanos;
  }

  /// A unit's processes stand still; systemd calls it active.
  void hang(String unit, long nanos) {
    site.say(name, unit + " hangs");
    hangsUntil.put(unit, site.now() + nanos);
  }

  private boolean hangs(String unit) {
    return site.now() < hangsUntil.getOrDefault(unit, 0L);
  }

  /// The broker here speaks; that of a controller that is gone does not.
  private AgentEvent.ProbeDone amqp(AgentEffect.AmqpProbe probe) {
    boolean own = probe.tag().equals("amqp");
    return new AgentEvent.ProbeDone(probe.tag(), own, own ? "AMQP" : "connection refused");
  }

  private AgentEvent.ProbeDone probe(AgentEffect.TcpProbe probe) {
    Machine target = site.machines.get(probe.host().charAt(probe.host().length() - 1) - '1');
    boolean galera = probe.port() == 4567;
    boolean ok = site.reach(this, target) && (!galera || site.databases.listens(target));
    return new AgentEvent.ProbeDone(probe.tag(), ok, ok ? "connected" : "connection refused");
  }

  // systemd

  private void start(String unit) {
    if (unit.equals(Singleton.UNIT)) {
      singleton.start();
    } else if (unit.equals(MARIADB) && !files.readable()) {
      setUnit(unit, "failed");
    } else if (unit.equals(MARIADB)) {
      site.databases.start(this);
    } else if (!units.getOrDefault(unit, "inactive").equals("active")) {
      setUnit(unit, "activating");
      site.after(
          site.between(100 * Site.MILLI, 2 * Site.SECOND), guarded(() -> setUnit(unit, "active")));
    }
  }

  private void stop(String unit) {
    if (unit.equals(Singleton.UNIT)) {
      singleton.stop();
    } else if (unit.equals(MARIADB)) {
      site.databases.stop(this);
    } else {
      setUnit(unit, "inactive");
    }
  }

  void kill(String unit) {
    if (unit.equals(Singleton.UNIT)) {
      singleton.kill();
    } else if (unit.equals(MARIADB)) {
      site.databases.kill(this);
    } else if (units.getOrDefault(unit, "inactive").equals("active")) {
      setUnit(unit, "failed");
    }
  }

  String unit(String unit) {
    return units.getOrDefault(unit, "inactive");
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
