package io.trivet.sim;

import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.lease.HoldCommit.Step;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One controller: its clock, its kernel, and a daemon whose lease thread runs the production
/// machine. The thread is cut into instructions at every place where a pause makes a difference:
/// before an event is taken, between reading the clock and stepping, before each effect, and before
/// each read of the clock and each commit of a [HoldCommit].
final class Node {
  private static final class Break {
    long instruction;
    long forNanos;
  }

  final int index;
  final String name;
  final Kernel kernel;
  final TreeMap<String, LeaseEffect.HolderSeen> holders = new TreeMap<>();
  int gains;
  private final World world;
  private final Chance chance;
  private final long offset;
  private final long rate;

  /// By how much the kernel's clock is slewed against real time, parts per million.
  private final long slew;

  private final boolean[] healthy;
  private final List<Break> breaks = new ArrayList<>();
  private boolean powered;
  private @Nullable LeaseMachine machine;
  private int life;
  private long pausedUntil;
  private long instructions;
  private final ArrayDeque<LeaseEvent> inbox = new ArrayDeque<>();
  private final ArrayDeque<LeaseEffect> todo = new ArrayDeque<>();
  private @Nullable LeaseEvent taken;
  private long takenAt;
  private @Nullable HoldCommit commit;
  private @Nullable Step ready;
  private String committing = "";
  private boolean busy;
  private long wakeAt = Long.MAX_VALUE;

  Node(World world, int index) {
    this.world = world;
    this.index = index;
    name = "c" + (index + 1);
    chance = world.chance.split();
    kernel = new Kernel(world.plan.vips(), world.plan.keys());
    offset = chance.between(0, 1_000_000 * Plan.SECOND);
    // Real clocks are within 0.02 percent; the margin allows for two that differ by one percent.
    rate = chance.between(-4_900, 4_900);
    slew = chance.below(3) == 0 ? 0 : chance.between(-100_500, 100_500);
    healthy = new boolean[world.plan.vips()];
    java.util.Arrays.fill(healthy, true);
  }

  // ---- clock: parts per million faster than real time

  long clock() {
    return offset + world.now() + world.now() / 1_000 * rate / 1_000;
  }

  private long real(long nanosHere) {
    return nanosHere - nanosHere / 1_000 * rate / 1_000;
  }

  // ---- power and life

  boolean powered() {
    return powered;
  }

  boolean up() {
    return machine != null && world.now() >= pausedUntil;
  }

  boolean serves(int vip) {
    return healthy[vip];
  }

  void powerOn() {
    if (!powered) {
      powered = true;
      startDaemon();
    }
  }

  void powerOff() {
    if (powered) {
      crash();
      powered = false;
      kernel.clear();
      pausedUntil = 0;
      world.say(index, 3, () -> "has no power");
    }
  }

  void crash() {
    machine = null;
    life++;
    inbox.clear();
    todo.clear();
    breaks.clear();
    taken = null;
    commit = null;
    ready = null;
    busy = false;
    wakeAt = Long.MAX_VALUE;
    world.say(index, 4, () -> "daemon dead");
  }

  void startDaemon() {
    if (!powered || machine != null) {
      return;
    }
    List<String> members = new ArrayList<>();
    for (int i = 0; i < world.plan.nodes(); i++) {
      members.add("c" + (i + 1));
    }
    // A daemon of unknown past: before anything else the kernel's sets are emptied.
    kernel.clear();
    var timing = world.plan.timing();
    machine = new LeaseMachine(name, members, timing, timing.promiseNanos(), life + 1, clock());
    holders.clear();
    world.say(index, 5, () -> "daemon starts, life " + (life + 1));
    for (int vip = 0; vip < healthy.length; vip++) {
      inbox.add(new LeaseEvent.Eligible(world.vips().get(vip), healthy[vip]));
    }
    log();
    kick();
  }

  /// What the log holds comes to the machine.
  void log() {
    if (machine != null) {
      inbox.add(new LeaseEvent.Assigned(world.log.committed()));
      kick();
    }
  }

  void pause(long nanos) {
    pausedUntil = Math.max(pausedUntil, world.now() + nanos);
  }

  void pauseBefore(int instruction, long nanos) {
    Break at = new Break();
    at.instruction = instructions + instruction;
    at.forNanos = nanos;
    breaks.add(at);
  }

  void heal() {
    pausedUntil = Math.min(pausedUntil, world.now());
    breaks.clear();
    powerOn();
    startDaemon();
    for (int vip = 0; vip < healthy.length; vip++) {
      serve(vip, true);
    }
    kick();
  }

  void serve(int vip, boolean well) {
    if (healthy[vip] != well) {
      healthy[vip] = well;
      inform(new LeaseEvent.Eligible(world.vips().get(vip), well));
    }
  }

  void receive(int from, LeaseMessage message) {
    if (powered && machine != null) {
      inform(new LeaseEvent.Received(message));
    }
  }

  private void inform(LeaseEvent event) {
    if (machine != null) {
      inbox.add(event);
      kick();
    }
  }

  // ---- the lease thread

  private void kick() {
    if (!busy && machine != null) {
      busy = true;
      run(chance.betweenOrders(5_000, 100_000));
    }
  }

  /// Lets the next instruction happen after a while, unless the daemon dies or stands still then.
  private void run(long cost) {
    int mine = life;
    world.after(cost, () -> resume(mine));
  }

  private void resume(int mine) {
    if (mine != life) {
      return;
    }
    if (world.now() < pausedUntil) {
      world.at(pausedUntil, () -> resume(mine));
      return;
    }
    for (Break at : breaks) {
      if (at.instruction == instructions) {
        breaks.remove(at);
        pausedUntil = world.now() + at.forNanos;
        world.say(index, 6, () -> "stands still for " + at.forNanos / 1_000 + " us");
        world.at(pausedUntil, () -> resume(mine));
        return;
      }
    }
    instructions++;
    if (commit != null) {
      commit(commit);
    } else if (taken != null) {
      step(taken);
    } else if (!todo.isEmpty()) {
      act(todo.remove());
    } else {
      take();
    }
  }

  private void take() {
    LeaseMachine running = machine;
    if (running == null) {
      return;
    }
    if (inbox.isEmpty()) {
      long left = running.dueAtNanos() - clock();
      if (left > 0) {
        busy = false;
        sleep(real(left) + 1_000);
        return;
      }
      taken = new LeaseEvent.Tick();
    } else {
      taken = inbox.remove();
    }
    takenAt = clock();
    run(1_000);
  }

  private void sleep(long nanos) {
    long until = world.now() + nanos;
    if (wakeAt <= until && wakeAt > world.now()) {
      return; // an earlier alarm is set; it will look again
    }
    wakeAt = until;
    int mine = life;
    world.at(
        until,
        () -> {
          if (mine == life && wakeAt == until) {
            wakeAt = Long.MAX_VALUE;
            kick();
          }
        });
  }

  private void step(LeaseEvent event) {
    taken = null;
    LeaseMachine running = machine;
    if (running == null) {
      return;
    }
    List<LeaseEffect> effects = running.step(event, takenAt);
    world.say(index, effects.size(), () -> words(event, effects));
    todo.addAll(effects);
    run(chance.betweenOrders(1_000, 30_000));
  }

  private static String words(LeaseEvent event, List<LeaseEffect> effects) {
    StringBuilder text = new StringBuilder().append(event);
    effects.forEach(effect -> text.append("\n      ").append(effect));
    return text.toString();
  }

  private void act(LeaseEffect effect) {
    switch (effect) {
      case LeaseEffect.Send send -> {
        send(send);
        // What is sent together leaves together: a pause in between is the same as a late message.
        while (todo.peek() instanceof LeaseEffect.Send more) {
          todo.remove();
          send(more);
        }
      }
      case LeaseEffect.Hold(String vip, long until) -> {
        commit = new HoldCommit(until);
        committing = vip;
      }
      case LeaseEffect.Darken(String vip, long number) -> {
        kernel.clear(world.vip(vip));
        world.say(index, 7, () -> "kernel dark for " + vip);
        inbox.add(new LeaseEvent.Darkened(vip, number));
      }
      case LeaseEffect.BecameHolder became -> gains++;
      case LeaseEffect.HolderSeen seen -> holders.put(seen.vip(), seen);
      case LeaseEffect.Announce announce -> {}
      case LeaseEffect.PeerSilent silent -> {}
      case LeaseEffect.PeerHeard heard -> {}
      case LeaseEffect.PeerBegan began -> {}
      case LeaseEffect.PeerLeft left -> {}
    }
    run(chance.betweenOrders(1_000, 50_000));
  }

  private void send(LeaseEffect.Send send) {
    world.network.send(index, world.node(send.to()).index, send.message());
  }

  /// One instruction of a commit: reading the clock, or telling the kernel.
  private void commit(HoldCommit running) {
    int vip = world.vip(committing);
    Step step = ready;
    if (step == null) {
      ready = running.next(clock());
      run(1_000);
      return;
    }
    ready = null;
    switch (step) {
      case Step.SetKey(HoldCommit.Key key, long timeout) -> {
        // The kernel's timers are late by up to a few milliseconds.
        long slewed = timeout * 1_000 / (1_000_000 + slew) * 1_000;
        long ends = world.now() + slewed + chance.between(0, 8 * Plan.MILLI);
        kernel.set(vip, key, ends);
        world.say(index, 8, () -> key + " key for " + committing + " until " + ends / 1_000);
      }
      case Step.ClearKeys() -> {
        kernel.clear(vip);
        world.say(index, 9, () -> "keys cleared for " + committing);
      }
      case Step.Done() -> commit = null;
      case Step.Failed() -> {
        commit = null;
        inbox.add(new LeaseEvent.HoldFailed(committing));
      }
    }
    run(chance.betweenOrders(20_000, 600_000));
  }

  String describe() {
    LeaseMachine running = machine;
    return running == null ? name + " daemon dead" : running.describe();
  }
}
