package io.trivet.sim.site;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.TimingProfile;
import io.trivet.cluster.lease.LeaseCodec;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.lease.LeaseTiming;
import io.trivet.cluster.state.ClusterState;
import io.trivet.services.controller.ControllerMachine;
import io.trivet.sim.Chance;
import io.trivet.sim.FencedRun;
import io.trivet.sim.Law;
import io.trivet.sim.Node;
import io.trivet.sim.Surroundings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The world of whole controllers: one thread, one queue of things to happen, one source of chance.
/// The same seed gives the same run.
///
/// What decides in it is the production code: `LeaseMachine` and `ControllerMachine` with its
/// agents, policies and planner. The log, the kernel, systemd, the databases and the network are
/// models.
final class Site implements Surroundings {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;
  static final long BEGAN_MILLIS = 1_700_000_000_000L;

  private record Due(long at, long order, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  final Random chance;
  final List<Machine> machines = new ArrayList<>();
  final SiteFile file;
  final SiteLog log;
  final Databases databases;
  final Links links;
  final Laws laws = new Laws(this);
  private final Chance leaseChance;
  private final LeaseTiming timing;
  private final List<String> members = List.of("c1", "c2", "c3");
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final List<String> trace = new ArrayList<>();
  private final boolean tracing;
  private long now = SECOND;
  private long order;
  private long fingerprint;

  Site(long seed, boolean tracing) {
    this(seed, TimingProfile.STANDARD, tracing);
  }

  Site(long seed, TimingProfile profile, boolean tracing) {
    chance = new Random(seed);
    leaseChance = new Chance(Chance.mix(seed));
    timing = profile.lease();
    file = new SiteFile(profile);
    this.tracing = tracing;
    links = new Links(this);
    for (String name : members) {
      machines.add(new Machine(this, name, machines.size()));
    }
    log = new SiteLog(this);
    databases = new Databases(this);
  }

  @Override
  public long now() {
    return now;
  }

  /// Real wall time; what a controller believes it to be is [Machine#millis].
  long millis() {
    return BEGAN_MILLIS + now / MILLI;
  }

  /// A time between the two, in nanoseconds.
  long between(long least, long most) {
    return least + (long) (chance.nextDouble() * (most - least));
  }

  @Override
  public void at(long time, Runnable what) {
    queue.add(new Due(Math.max(time, now), order++, what));
  }

  @Override
  public void after(long nanos, Runnable what) {
    at(now + Math.max(0, nanos), what);
  }

  /// Lets time pass until then, or until a law is broken.
  void run(long untilNanos) {
    while (laws.violation() == null) {
      Due next = queue.peek();
      if (next == null || next.at > untilNanos) {
        now = Math.max(now, untilNanos);
        return;
      }
      queue.poll();
      now = next.at;
      next.what.run();
      laws.oneHolder();
      laws.oneRunner();
    }
  }

  Machine machine(String name) {
    return machines.stream().filter(m -> m.name.equals(name)).findFirst().orElseThrow();
  }

  /// True if packets go to and fro between them.
  boolean reach(Machine a, Machine b) {
    return a.onNetwork() && b.onNetwork() && (a == b || links.bothWays(a, b));
  }

  /// True if the daemons of a majority reach each other and this one.
  boolean majority(Machine of) {
    long heard = machines.stream().filter(m -> m.running() && reach(of, m)).count();
    return of.running() && heard * 2 > machines.size();
  }

  /// Power, network or a daemon changed.
  void topologyChanged() {
    log.topologyChanged();
    databases.topologyChanged();
  }

  /// What the cluster has agreed on, as the member sees it that has applied most.
  ClusterState agreed() {
    return log.state();
  }

  void say(String who, String what) {
    fingerprint = Chance.mix(fingerprint ^ now) + what.hashCode() * 31L + who.hashCode();
    if (tracing) {
      trace.add(String.format(Locale.ROOT, "%10.3f %-4s %s", now / 1e9, who, what));
    }
  }

  /// A breach of law 2, as the databases see it.
  void breach(String what) {
    laws.breach(Law.ONE_PRIMARY, what);
  }

  @Nullable String violation() {
    return laws.violation();
  }

  long fingerprint() {
    return fingerprint;
  }

  String trace() {
    return String.join("\n", trace);
  }

  List<String> lines() {
    return trace;
  }

  // ---- what the leases need

  @Override
  public Chance chance() {
    return leaseChance;
  }

  @Override
  public void say(int who, long what, Supplier<String> words) {
    fingerprint = Chance.mix(fingerprint ^ now) + Chance.mix(what * 31 + who);
    if (tracing) {
      trace.add(
          String.format(
              Locale.ROOT, "%10.3f %-4s (leases) %s", now / 1e9, members.get(who), words.get()));
    }
  }

  @Override
  public List<String> members() {
    return members;
  }

  @Override
  public List<String> vips() {
    return SiteFile.LEASES;
  }

  @Override
  public LeaseTiming timing() {
    return timing;
  }

  @Override
  public List<VipAssignment> assignments(Node node) {
    ControllerMachine control = machine(node.name).control();
    return control == null ? List.of() : new ArrayList<>(control.state().vips().values());
  }

  @Override
  public void send(int from, int to, LeaseMessage message) {
    ByteBuffer bytes = ByteBuffer.wrap(LeaseCodec.encode(message));
    links.carry(machines.get(from), machines.get(to), () -> arrive(to, bytes));
  }

  private void arrive(int to, ByteBuffer bytes) {
    switch (LeaseCodec.decode(bytes)) {
      case LeaseCodec.Decoded.Understood(LeaseMessage message) ->
          machines.get(to).leases.receive(message);
      case LeaseCodec.Decoded.Refused refused ->
          throw new IllegalStateException("our own message was refused: " + refused);
    }
  }

  @Override
  public void told(Node node, LeaseEffect fact) {
    machine(node.name).told(fact);
  }

  @Override
  public void holdChanged(Node node, String vip, boolean holding, long epoch) {
    machine(node.name).holdChanged(vip, holding, epoch);
  }

  @Override
  public @Nullable FencedRun unit(Node node, String lease) {
    return UnitLease.is(lease) ? machine(node.name).singleton : null;
  }
}
