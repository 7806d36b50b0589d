package io.trivet.sim;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.lease.HoldCommit.Step;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.lease.LeaseTiming;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One controller's leases: its clocks, its kernel, and a lease thread that runs the production
/// machine. The thread is cut into instructions at every place where a pause makes a difference:
/// before an event is taken, between reading the clock and stepping, before each effect, and before
/// each read of the clock and each commit of a [HoldCommit].
///
/// Three clocks: real time, which nobody reads; the one that leases are counted by, which nobody
/// slews, within half a percent of real time; the kernel's ([Kernel]). Both stand still while the
/// machine does.
public final class Node {
  private record Break(long instruction, long forNanos) {}

  final int index;
  public final String name;
  final Kernel kernel;
  private final Enforcement enforcement;
  final TreeMap<String, LeaseEffect.HolderSeen> holders = new TreeMap<>();
  int gains;
  private final Surroundings world;
  private final Chance chance;
  private final long offset;
  private final long rate;
  private final boolean[] healthy;
  private final Definitions names;
  private final List<Break> breaks = new ArrayList<>();
  private LeaseTiming timing;
  private boolean powered;
  private long offSince;
  private @Nullable LeaseMachine machine;
  private int life;
  private long daemon = LeaseMessage.UNKNOWN_DAEMON;
  private long pausedUntil;
  private long lateUntil;
  private long mostLate;

  /// Real time in which the machine stood still.
  private long stoodNanos;

  private boolean stands;
  private boolean noticedStand;
  private long stoodSince;
  private long suspensions;
  private long seenSuspensions;

  /// Until when law 1 has to bear with this node, and why: nothing in it could know better.
  private long excusedUntil = Long.MIN_VALUE;

  private long instructions;
  private final ArrayDeque<LeaseEvent> inbox = new ArrayDeque<>();
  private final ArrayDeque<LeaseEvent> answers = new ArrayDeque<>();
  private final ArrayDeque<LeaseEffect> todo = new ArrayDeque<>();
  private final Set<String> unclear = new TreeSet<>();
  private @Nullable LeaseEvent taken;
  private long takenAt;
  private @Nullable HoldCommit commit;
  private @Nullable Step ready;
  private String committing = "";
  private boolean busy;
  private long wakeAt = Long.MAX_VALUE;

  public Node(Surroundings world, int index) {
    this.world = world;
    this.index = index;
    name = "c" + (index + 1);
    chance = world.chance().split();
    kernel = new Kernel(world.vips().size(), world.keys());
    enforcement = new Enforcement(world, this);
    offset = chance.between(0, 1_000_000 * Plan.SECOND);
    // Real oscillators are within 0.02 percent; the margin allows for two that differ by one.
    rate = chance.between(-4_900, 4_900);
    kernel.slew(world.now(), chance.slew());
    healthy = new boolean[world.vips().size()];
    names = new Definitions(world.vips());
    timing = world.timing();
  }

  // ---- the clock that leases are counted by

  long clock() {
    long ran = world.now() - stoodNanos;
    return offset + ran + ran / 1_000 * rate / 1_000;
  }

  private long real(long nanosHere) {
    return nanosHere - nanosHere / 1_000 * rate / 1_000;
  }

  /// Time synchronisation makes the kernel's clock run that many millionths faster.
  public void slew(long millionths) {
    kernel.slew(world.now(), millionths);
  }

  // ---- power and life

  public boolean powered() {
    return powered;
  }

  /// When its power went.
  long offSince() {
    return offSince;
  }

  public boolean up() {
    return machine != null && !stands && world.now() >= pausedUntil;
  }

  public boolean runs() {
    return machine != null;
  }

  boolean serves(int vip) {
    return healthy[vip];
  }

  public int life() {
    return life;
  }

  public void powerOn() {
    if (!powered) {
      powered = true;
      startDaemon();
    }
  }

  public void powerOff() {
    if (powered) {
      crash();
      if (stands) {
        goOn();
      }
      powered = false;
      offSince = world.now();
      kernel.powerLost();
      pausedUntil = 0;
      excusedUntil = Long.MIN_VALUE;
      world.say(index, 3, () -> "has no power");
    }
  }

  /// The lease process dies; the kernel keeps what it has.
  public void crash() {
    machine = null;
    life++;
    inbox.clear();
    answers.clear();
    todo.clear();
    breaks.clear();
    unclear.clear();
    taken = null;
    commit = null;
    ready = null;
    busy = false;
    wakeAt = Long.MAX_VALUE;
    world.say(index, 4, () -> "lease process dead");
  }

  public void startDaemon() {
    if (!powered || machine != null) {
      return;
    }
    // What the kernel holds goes on and ends when it would have; it is no longer than a promise.
    kernel.guard();
    enforcement.begin();
    machine =
        new LeaseMachine(name, world.members(), timing, world.quietNanos(), life + 1, clock());
    seenSuspensions = suspensions;
    holders.clear();
    world.say(index, 5, () -> "lease process starts, life " + (life + 1));
    if (world.filesChange()) {
      inbox.add(new LeaseEvent.Guarding(names.all()));
    }
    for (int vip = 0; vip < healthy.length; vip++) {
      inbox.add(new LeaseEvent.Eligible(names.name(vip), healthy[vip]));
    }
    inbox.add(new LeaseEvent.Attended(daemon));
    log();
    kick();
  }

  /// Which run of the daemon the leases serve from now on.
  public void attend(long run) {
    daemon = run;
    inform(new LeaseEvent.Attended(run));
  }

  /// What the log holds comes to the machine.
  public void log() {
    inform(new LeaseEvent.Assigned(named(world.assignments(this))));
  }

  /// Assignments of VIPs, under the names by which this node knows them.
  List<VipAssignment> named(List<VipAssignment> assignments) {
    return assignments.stream().map(names::named).toList();
  }

  /// The cluster file has another timing. A node whose leases do not run learns of it later.
  void retime(LeaseTiming changed) {
    if (machine != null && !timing.equals(changed)) {
      timing = changed;
      inform(new LeaseEvent.Retimed(changed));
      world.say(index, 16, () -> "has another timing: " + changed);
    }
  }

  /// The cluster file gives the addresses of a VIP to one of another name. They are made dark
  /// before the leases hear of it.
  void redefine(int vip, int generation) {
    if (machine == null || names.generation(vip) >= generation) {
      return;
    }
    kernel.hide(vip);
    kernel.clear(vip);
    names.become(vip, generation);
    inform(new LeaseEvent.Guarding(names.all()));
    inform(new LeaseEvent.Eligible(names.name(vip), healthy[vip]));
    log();
    world.say(index, 17, () -> "knows " + world.vips().get(vip) + " as " + names.name(vip));
  }

  public void pause(long nanos) {
    pausedUntil = Math.max(pausedUntil, world.now() + nanos);
  }

  /// From now on, for so long, the thread waits for up to `most` whenever it is to run.
  void late(long most, long nanos) {
    mostLate = most;
    lateUntil = world.now() + nanos;
  }

  public boolean standsStill() {
    return stands;
  }

  void pauseBefore(int instruction, long nanos) {
    breaks.add(new Break(instructions + instruction, nanos));
  }

  /// The whole machine stands still, processes, kernel and clocks.
  ///
  /// @param noticed a suspension, which its kernel tells of; else its host stopped a virtual
  ///   machine, and nothing tells
  public void stand(long nanos, boolean noticed) {
    if (!powered || stands) {
      return;
    }
    stands = true;
    noticedStand = noticed;
    stoodSince = world.now();
    kernel.stand(stoodSince);
    // The thread may have waited on a clock that stood still: it wakes up to a renewal later.
    pausedUntil =
        Math.max(pausedUntil, stoodSince) + nanos + chance.between(0, timing.renewNanos());
    world.say(
        index, 12, () -> "stands still" + (noticed ? ", suspended" : ", stopped by its host"));
    long since = stoodSince;
    world.after(
        nanos,
        () -> {
          if (stands && stoodSince == since) {
            goOn();
          }
        });
  }

  private void goOn() {
    stands = false;
    stoodNanos += world.now() - stoodSince;
    kernel.goOn(world.now());
    suspensions += noticedStand ? 1 : 0;
    // Until its thread runs, or what it was granted has ended by a clock that lost time.
    excuse(Math.max(timing.leaseNanos(), world.timing().leaseNanos()) + 10 * Plan.MILLI);
    world.say(index, 13, () -> "goes on");
  }

  private void excuse(long nanos) {
    excusedUntil = Math.max(excusedUntil, Math.max(pausedUntil, world.now()) + nanos);
  }

  /// Law 1 has to bear with it for a moment: nothing in it could know better.
  public boolean isExcused() {
    return world.now() < excusedUntil;
  }

  /// `nft flush ruleset`, as a reload of nftables.service does. The watch of the kernel notices
  /// within a second of running and puts the rules back; leases come with the next renewal.
  public void flush() {
    if (!powered) {
      return;
    }
    kernel.flush();
    excuse(Plan.SECOND);
    world.say(index, 14, () -> "its rules are flushed");
    watch(() -> kernel.guard());
  }

  /// Somebody deletes the VIP's address; the watch puts it back if it is held.
  public void deleteAddress(int vip) {
    kernel.hide(vip);
    world.say(index, 15, () -> world.vips().get(vip) + " is deleted");
    watch(
        () -> {
          LeaseMachine running = machine;
          String what = names.name(vip);
          if (running != null && running.holdsUntilNanos(what) > clock()) {
            kernel.show(vip);
          }
        });
  }

  private void watch(Runnable repair) {
    world.after(
        chance.betweenOrders(Plan.MILLI, 900 * Plan.MILLI),
        () -> {
          if (powered && up()) {
            repair.run();
          } else if (powered) {
            excuse(Plan.SECOND);
            watch(repair);
          }
        });
  }

  /// The kernel refuses the next orders.
  public void refuse(int orders) {
    kernel.refuse(orders);
  }

  public void heal() {
    if (stands) {
      goOn();
    }
    pausedUntil = Math.min(pausedUntil, world.now());
    lateUntil = 0;
    breaks.clear();
    kernel.refuse(0);
    powerOn();
    startDaemon();
    kick();
  }

  public void serve(int vip, boolean well) {
    if (healthy[vip] != well) {
      healthy[vip] = well;
      inform(new LeaseEvent.Eligible(names.name(vip), well));
    }
  }

  public void receive(LeaseMessage message) {
    inform(new LeaseEvent.Received(message));
  }

  private void inform(LeaseEvent event) {
    if (powered && machine != null) {
      inbox.add(event);
      kick();
    }
  }

  // ---- what an observer sees

  /// Until when it answers for the VIP, in real time; 0 when it does not.
  public long answersUntil(int vip) {
    return powered ? kernel.answersUntil(vip, world.now()) : 0;
  }

  // ---- the lease thread

  private void kick() {
    if (!busy && machine != null) {
      busy = true;
      boolean late = world.now() < lateUntil && chance.below(4) == 0;
      run(chance.betweenOrders(5_000, 100_000) + (late ? chance.between(0, mostLate) : 0));
    }
  }

  /// Lets the next instruction happen after a while, unless the process dies or stands still then.
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
      if (at.instruction() == instructions) {
        breaks.remove(at);
        pausedUntil = world.now() + at.forNanos();
        world.say(index, 6, () -> "stands still for " + at.forNanos() / 1_000 + " us");
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
    if (seenSuspensions != suspensions) {
      seenSuspensions = suspensions;
      taken = new LeaseEvent.Resumed();
    } else if (!answers.isEmpty()) {
      taken = answers.remove();
    } else if (!inbox.isEmpty()) {
      taken = inbox.remove();
    } else {
      long left = running.dueAtNanos() - clock();
      if (left > 0) {
        busy = false;
        sleep(real(left) + 1_000);
        return;
      }
      taken = new LeaseEvent.Tick();
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
        if (!names.current(vip)) {
          answers.add(new LeaseEvent.HoldFailed(vip));
        } else if (!unclear.contains(vip)) {
          commit = new HoldCommit(until);
          committing = vip;
        }
      }
      case LeaseEffect.Darken(String vip, long number) -> darken(vip, number);
      case LeaseEffect.BecameHolder(String vip, long epoch) -> {
        if (!answers.contains(new LeaseEvent.HoldFailed(vip)) && names.current(vip)) {
          gains++;
          enforcement.show(vip, names.index(vip));
          world.holdChanged(this, vip, true, epoch);
        }
      }
      case LeaseEffect.HolderSeen seen -> {
        if (names.current(seen.vip())) {
          holders.put(world.vips().get(names.index(seen.vip())), seen);
          world.told(this, seen);
        }
      }
      case LeaseEffect.Announce announce -> {}
      case LeaseEffect.PeerSilent silent -> world.told(this, silent);
      case LeaseEffect.PeerHeard heard -> world.told(this, heard);
      case LeaseEffect.PeerBegan began -> world.told(this, began);
      case LeaseEffect.PeerLeft left -> world.told(this, left);
    }
    run(chance.betweenOrders(1_000, 50_000));
  }

  private void darken(String name, long number) {
    int vip = names.index(name);
    if (!names.current(name)) {
      answers.add(new LeaseEvent.Darkened(name, number)); // made dark when it left
      return;
    }
    boolean hidden = enforcement.darken(name, vip);
    if (hidden) {
      unclear.remove(name);
      kernel.hide(vip);
      world.holdChanged(this, name, false, 0);
      answers.add(new LeaseEvent.Darkened(name, number));
    }
    world.say(index, 7, () -> (hidden ? "kernel dark for " : "kernel refuses to darken ") + name);
  }

  private void send(LeaseEffect.Send send) {
    world.send(index, world.members().indexOf(send.to()), send.message());
  }

  /// One instruction of a commit: reading the clock, or telling the kernel.
  private void commit(HoldCommit running) {
    int vip = names.index(committing);
    Step step = ready;
    if (step == null) {
      ready = seenSuspensions == suspensions ? running.next(clock()) : running.refused();
      run(1_000);
      return;
    }
    ready = null;
    switch (step) {
      case Step.SetKey(HoldCommit.Key key, long timeout) -> {
        // The kernel's timers are late by up to a few milliseconds.
        long late = chance.between(0, 8 * Plan.MILLI);
        boolean done =
            names.current(committing) && enforcement.set(committing, vip, key, timeout, late);
        world.say(index, 8, () -> key + " key for " + committing + (done ? "" : " refused"));
        if (!done) {
          ready = running.refused();
        }
      }
      case Step.ClearKeys() -> {
        boolean done = kernel.clear(vip);
        world.say(index, 9, () -> "keys of " + committing + (done ? " cleared" : " stay"));
        if (!done) {
          unclear.add(committing);
          commit = null;
          answers.add(new LeaseEvent.HoldFailed(committing));
        }
      }
      case Step.Done() -> commit = null;
      case Step.Failed() -> {
        commit = null;
        answers.add(new LeaseEvent.HoldFailed(committing));
      }
    }
    run(chance.betweenOrders(20_000, 600_000));
  }

  /// Until when packets of that unit's run leave, in real time; 0 when they do not.
  public long speaksUntil(int lease, FencedRun unit) {
    return powered && unit.runs() ? kernel.speaksUntil(lease, unit.group(), world.now()) : 0;
  }

  public String describe() {
    LeaseMachine running = machine;
    return running == null ? name + " lease process dead" : running.describe();
  }
}
