package io.trivet.sim.site;

import io.trivet.cluster.state.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The world: one thread, one queue of things to happen, one source of chance. The same seed gives
/// the same run.
final class Site {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;
  private static final long BEGAN_MILLIS = 1_700_000_000_000L;

  private record Due(long at, long order, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  final Random chance;
  final List<Machine> machines = new ArrayList<>();
  final SiteLog log;
  final Databases databases;
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final List<String> trace = new ArrayList<>();
  private final boolean tracing;
  private long now = SECOND;
  private long order;
  private @Nullable String violation;

  Site(long seed, boolean tracing) {
    chance = new Random(seed);
    this.tracing = tracing;
    for (String name : List.of("c1", "c2", "c3")) {
      machines.add(new Machine(this, name));
    }
    log = new SiteLog(this);
    databases = new Databases(this);
  }

  long now() {
    return now;
  }

  long millis() {
    return BEGAN_MILLIS + now / MILLI;
  }

  /// A time between the two, in nanoseconds.
  long between(long least, long most) {
    return least + (long) (chance.nextDouble() * (most - least));
  }

  void after(long nanos, Runnable what) {
    queue.add(new Due(now + Math.max(0, nanos), order++, what));
  }

  /// Lets time pass until then, or until a law is broken.
  void run(long untilNanos) {
    while (violation == null) {
      Due next = queue.peek();
      if (next == null || next.at > untilNanos) {
        now = Math.max(now, untilNanos);
        return;
      }
      queue.poll();
      now = next.at;
      next.what.run();
    }
  }

  Machine machine(String name) {
    return machines.stream().filter(m -> m.name.equals(name)).findFirst().orElseThrow();
  }

  /// True if packets go from one to the other.
  boolean reach(Machine a, Machine b) {
    return a.powered() && b.powered() && (a == b || a.segment == b.segment);
  }

  /// True if the daemons of a majority reach each other and this one.
  boolean majority(Machine of) {
    long heard = machines.stream().filter(m -> m.running() && reach(of, m)).count();
    return of.running() && heard * 2 > machines.size();
  }

  /// Power, network or a daemon changed.
  void topologyChanged() {
    machines.forEach(Machine::lookAround);
    log.topologyChanged();
    databases.topologyChanged();
  }

  /// What the cluster has agreed on, as the member sees it that has applied most.
  ClusterState agreed() {
    return log.state();
  }

  void say(String who, String what) {
    if (tracing) {
      trace.add(String.format(Locale.ROOT, "%10.3f %-4s %s", now / 1e9, who, what));
    }
  }

  void breach(String what) {
    say("LAW", what);
    if (violation == null) {
      violation = what;
    }
  }

  @Nullable String violation() {
    return violation;
  }

  String trace() {
    return String.join("\n", trace);
  }
}
