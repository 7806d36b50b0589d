package io.trivet.daemon.leases;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.lease.LeaseCodec;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.lease.LeaseTiming;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/// Three lease machines that talk to each other in memory, on a clock that is counted: holding,
/// moving and losing a VIP, often enough that the code is compiled before it counts. Touches
/// nothing outside.
final class Practice {
  private static final List<String> MEMBERS = List.of("p1", "p2", "p3");
  private static final String VIP = "practice";
  private static final long STEP_NANOS = 5_000_000L;
  private static final int STEPS = 1_200;
  private static final int STEPS_PER_ROLE = 60;

  private record Letter(String to, ByteBuffer body) {}

  private final TreeMap<String, LeaseMachine> machines = new TreeMap<>();
  private final Deque<Letter> post = new ArrayDeque<>();
  private long now;

  private Practice() {
    for (String member : MEMBERS) {
      machines.put(
          member,
          new LeaseMachine(
              member, MEMBERS, LeaseTiming.FAST, LeaseTiming.FAST.promiseNanos(), 1, now));
    }
  }

  /// Takes less than a tenth of a second.
  static void run() {
    new Practice().play();
  }

  private void play() {
    for (int i = 0; i < STEPS; i++) {
      now += STEP_NANOS;
      int role = i / STEPS_PER_ROLE;
      if (i % STEPS_PER_ROLE == 0) {
        assign(role);
      }
      String silent = role % 3 == 2 ? MEMBERS.get(role % MEMBERS.size()) : "";
      machines.forEach(
          (name, machine) -> {
            if (!name.equals(silent) && now >= machine.dueAtNanos()) {
              step(name, machine, new LeaseEvent.Tick());
            }
          });
      deliver(silent);
    }
  }

  private void assign(int role) {
    String holder = MEMBERS.get(role % MEMBERS.size());
    List<String> heirs = MEMBERS.stream().filter(member -> !member.equals(holder)).toList();
    LeaseEvent assigned =
        new LeaseEvent.Assigned(List.of(new VipAssignment(VIP, role + 1, holder, heirs)));
    machines.forEach(
        (name, machine) -> {
          step(name, machine, new LeaseEvent.Eligible(VIP, true));
          step(name, machine, assigned);
        });
  }

  private void deliver(String silent) {
    for (Letter letter = post.poll(); letter != null; letter = post.poll()) {
      LeaseMachine machine = machines.get(letter.to());
      if (machine != null
          && !letter.to().equals(silent)
          && LeaseCodec.decode(letter.body())
              instanceof LeaseCodec.Decoded.Understood(LeaseMessage message)
          && !message.from().equals(silent)) {
        step(letter.to(), machine, new LeaseEvent.Received(message));
      }
    }
  }

  private void step(String name, LeaseMachine machine, LeaseEvent event) {
    for (LeaseEffect effect : machine.step(event, now)) {
      switch (effect) {
        case LeaseEffect.Send(String to, LeaseMessage message) ->
            post.add(new Letter(to, ByteBuffer.wrap(LeaseCodec.encode(message))));
        case LeaseEffect.Hold(String vip, long untilNanos) -> commit(untilNanos);
        case LeaseEffect.Darken(String vip, long number) ->
            step(name, machine, new LeaseEvent.Darkened(vip, number));
        case LeaseEffect.BecameHolder became -> {}
        case LeaseEffect.Announce announce -> {}
        case LeaseEffect.HolderSeen seen -> {}
        case LeaseEffect.PeerSilent silent -> {}
        case LeaseEffect.PeerHeard heard -> {}
        case LeaseEffect.PeerBegan began -> {}
        case LeaseEffect.PeerLeft left -> {}
      }
    }
  }

  private void commit(long untilNanos) {
    HoldCommit commit = new HoldCommit(untilNanos);
    HoldCommit.Step step = commit.next(now);
    while (!(step instanceof HoldCommit.Step.Done) && !(step instanceof HoldCommit.Step.Failed)) {
      step = commit.next(now);
    }
  }
}
