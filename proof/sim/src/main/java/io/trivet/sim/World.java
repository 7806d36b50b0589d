package io.trivet.sim;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.lease.LeaseTiming;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Controllers, their kernels and clocks, the network between them and what goes wrong: one thread,
/// one queue of things to happen, ordered by real time. After each of them law 1 is checked.
///
/// What runs in it is the production code: `LeaseMachine` decides and `HoldCommit` drives the
/// simulated kernel; the log with its leader is a small model ([Log]).
public final class World implements Surroundings {
  /// A thing that will happen.
  private record Due(long at, long order, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  final Plan plan;
  final Chance chance;
  final List<Node> nodes = new ArrayList<>();
  private final List<String> members = new ArrayList<>();
  final Network network;
  final Log log;
  private final List<String> vips = new ArrayList<>();
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final List<Sight> sights = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private final boolean tracing;
  private long now;
  private long order;
  private long events;
  private long fingerprint;
  private @Nullable String violation;
  private int falselyGone;
  private long longestFind;

  /// What an observer sees of one VIP.
  private static final class Sight {
    boolean everHeld;
    long coveredUntil;
    long darkSince = -1;
    long overlapSince = -1;
    int overlaps;
    long longestOverlap;
    long longestGap;
  }

  private World(Plan plan, boolean tracing) {
    this.plan = plan;
    this.tracing = tracing;
    chance = new Chance(Chance.mix(plan.seed() ^ 0x7415E7L));
    for (int vip = 0; vip < plan.vips(); vip++) {
      vips.add("vip" + (vip + 1));
      sights.add(new Sight());
    }
    for (int i = 0; i < plan.nodes(); i++) {
      members.add("c" + (i + 1));
    }
    network = new Network(this);
    log = new Log(this);
    for (int i = 0; i < plan.nodes(); i++) {
      Node node = new Node(this, i);
      for (int vip = 0; vip < plan.vips(); vip++) {
        node.serve(vip, true);
      }
      nodes.add(node);
    }
  }

  /// Runs a world to its end.
  ///
  /// @param tracing whether to put into words what happens; it changes nothing else
  public static Outcome run(Plan plan, boolean tracing) {
    return new World(plan, tracing).run();
  }

  private Outcome run() {
    for (Node node : nodes) {
      at(chance.between(0, 50 * Plan.MILLI), node::powerOn);
    }
    log.begin();
    for (Fault fault : plan.faults()) {
      at(fault.atNanos(), () -> strike(fault));
    }
    at(plan.faultNanos(), this::heal);
    long promise = plan.longest().promiseNanos();
    // A VIP that is new to a controller is quiet there first.
    long quiet = plan.changes() ? promise : 0;
    long judged = plan.faultNanos() + quiet + 4 * promise + Plan.SECOND / 2;
    long end = judged + promise / 2;
    at(judged, this::expectHeld);
    at(end, this::expectHeld);
    while (violation == null) {
      Due due = queue.poll();
      if (due == null || due.at > end) {
        break;
      }
      now = due.at;
      events++;
      due.what.run();
      check();
    }
    int overlaps = 0;
    long longestOverlap = 0;
    long longestGap = 0;
    for (Sight sight : sights) {
      overlaps += sight.overlaps;
      longestOverlap = Math.max(longestOverlap, sight.longestOverlap);
      longestGap = Math.max(longestGap, sight.longestGap);
    }
    int gains = nodes.stream().mapToInt(n -> n.gains).sum();
    return new Outcome(
        violation,
        fingerprint,
        events,
        gains,
        longestGap,
        overlaps,
        longestOverlap,
        falselyGone,
        longestFind,
        trace);
  }

  // ---- time

  @Override
  public long now() {
    return now;
  }

  @Override
  public Chance chance() {
    return chance;
  }

  @Override
  public List<String> members() {
    return members;
  }

  @Override
  public LeaseTiming timing() {
    return plan.timing();
  }

  @Override
  public boolean filesChange() {
    return plan.changes();
  }

  @Override
  public long quietNanos() {
    return plan.longest().promiseNanos();
  }

  @Override
  public int keys() {
    return plan.keys();
  }

  @Override
  public List<VipAssignment> assignments(Node node) {
    return log.committed();
  }

  @Override
  public void send(int from, int to, LeaseMessage message) {
    network.send(from, to, message);
  }

  @Override
  public void told(Node node, LeaseEffect fact) {
    if (fact instanceof LeaseEffect.PeerSilent(String peer)) {
      Node about = node(peer);
      if (about.powered()) {
        falselyGone++;
        say(node.index, 16, () -> peer + " is falsely said to be gone");
      } else {
        longestFind = Math.max(longestFind, now - about.offSince());
      }
    }
  }

  @Override
  public void holdChanged(Node node, String vip, boolean holding, long epoch) {}

  @Override
  public void at(long time, Runnable what) {
    queue.add(new Due(Math.max(time, now), order++, what));
  }

  @Override
  public List<String> vips() {
    return vips;
  }

  int vip(String name) {
    return vips.indexOf(name);
  }

  Node node(String name) {
    return nodes.get(Integer.parseInt(name.substring(1)) - 1);
  }

  // ---- words

  boolean tracing() {
    return tracing;
  }

  /// Says what happens. The words are made only when somebody wants to read them.
  @Override
  public void say(int who, long what, java.util.function.Supplier<String> words) {
    fingerprint = Chance.mix(fingerprint ^ now) + Chance.mix(what * 31 + who);
    if (tracing) {
      String name = who < 0 ? "world" : "c" + (who + 1);
      trace.add(now / 1_000_000 + "." + pad(now / 1_000 % 1_000) + " " + name + " " + words.get());
    }
  }

  private static String pad(long millionths) {
    String text = Long.toString(millionths);
    return "000".substring(text.length()) + text;
  }

  // ---- laws

  /// Law 1: at most one controller answers for a VIP. Answering begins only when something happens,
  /// so looking after each thing that happens sees every overlap.
  private void check() {
    for (int vip = 0; vip < sights.size(); vip++) {
      int answering = 0;
      int lit = 0;
      long until = 0;
      for (Node node : nodes) {
        long ends = node.answersUntil(vip);
        if (ends > now) {
          answering += node.isExcused() ? 0 : 1;
          lit++;
          until = Math.max(until, ends);
        }
      }
      see(vip, lit > 0 ? Math.max(1, answering) : 0, until);
    }
  }

  private void see(int vip, int answering, long until) {
    Sight sight = sights.get(vip);
    if (answering > 0) {
      if (sight.darkSince >= 0 || (sight.everHeld && sight.coveredUntil < now)) {
        long since = sight.darkSince >= 0 ? sight.darkSince : sight.coveredUntil;
        sight.longestGap = Math.max(sight.longestGap, now - since);
        sight.darkSince = -1;
      }
      sight.everHeld = true;
      sight.coveredUntil = until;
    } else if (sight.everHeld && sight.darkSince < 0) {
      sight.darkSince = Math.min(sight.coveredUntil, now);
    }
    if (answering > 1 && sight.overlapSince < 0) {
      sight.overlapSince = now;
      sight.overlaps++;
      if (plan.keys() > 1) {
        violation = "law 1: " + answering + " controllers answer for " + vips.get(vip);
        explain();
      }
    } else if (answering <= 1 && sight.overlapSince >= 0) {
      sight.longestOverlap = Math.max(sight.longestOverlap, now - sight.overlapSince);
      sight.overlapSince = -1;
    }
  }

  private void expectHeld() {
    for (int vip = 0; vip < sights.size(); vip++) {
      boolean held = false;
      for (Node node : nodes) {
        held |= node.answersUntil(vip) > now;
      }
      if (!held && violation == null) {
        violation =
            "liveness: nobody answers for "
                + vips.get(vip)
                + " though all is well since "
                + (now - plan.faultNanos()) / Plan.MILLI
                + " ms";
        explain();
      }
    }
  }

  private void explain() {
    String broken = violation;
    say(-1, 99, () -> "VIOLATION " + broken);
    if (tracing) {
      for (Node node : nodes) {
        trace.add(node.describe());
      }
    }
  }

  // ---- faults

  private void strike(Fault fault) {
    say(-1, 1, fault::toString);
    switch (fault) {
      case Fault.Pause(long at, int node, long nanos) -> nodes.get(node).pause(nanos);
      case Fault.Late(long at, int node, long most, long nanos) ->
          nodes.get(node).late(most, nanos);
      case Fault.PauseBefore(long at, int node, int instruction, long nanos) ->
          nodes.get(node).pauseBefore(instruction, nanos);
      case Fault.Crash(long at, int node, long nanos) -> {
        nodes.get(node).crash();
        after(nanos, nodes.get(node)::startDaemon);
      }
      case Fault.PowerOff(long at, int node, long nanos) -> {
        nodes.get(node).powerOff();
        after(nanos, nodes.get(node)::powerOn);
      }
      case Fault.Cut(long at, int from, int to, long nanos) -> network.cut(from, to, now + nanos);
      case Fault.Storm(long at, int perMille, long nanos) -> network.storm(perMille, now + nanos);
      case Fault.Unhealthy(long at, int node, int vip, long nanos) -> {
        nodes.get(node).serve(vip, false);
        after(nanos, () -> nodes.get(node).serve(vip, true));
      }
      case Fault.Slew(long at, int node, long millionths) -> nodes.get(node).slew(millionths);
      case Fault.Stand(long at, int node, long nanos, boolean noticed) ->
          nodes.get(node).stand(nanos, noticed);
      case Fault.Flush(long at, int node) -> nodes.get(node).flush();
      case Fault.AddressDeleted(long at, int node, int vip) -> nodes.get(node).deleteAddress(vip);
      case Fault.Refuse(long at, int node, int orders) -> nodes.get(node).refuse(orders);
      case Fault.Move(long at, int vip, int node) -> log.move(vip, node);
      case Fault.Retime(long at, int node, LeaseTiming timing) -> nodes.get(node).retime(timing);
      case Fault.Redefine(long at, int node, int vip, int generation) ->
          nodes.get(node).redefine(vip, generation);
      case Fault.NewLeader(long at, int node) -> log.lead(node);
    }
  }

  private void heal() {
    say(-1, 2, () -> "all is healed");
    network.heal();
    for (Node node : nodes) {
      node.heal();
      plan.newestTiming().ifPresent(node::retime);
      for (int vip = 0; vip < plan.vips(); vip++) {
        node.redefine(vip, plan.newestGeneration(vip));
      }
      for (int vip = 0; vip < plan.vips(); vip++) {
        node.serve(vip, true);
      }
    }
  }

  void deliver(int from, int to, LeaseMessage message) {
    nodes.get(to).receive(message);
  }
}
