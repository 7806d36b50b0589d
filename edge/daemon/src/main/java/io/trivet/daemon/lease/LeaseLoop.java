package io.trivet.daemon.lease;

import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread on which leases are decided and brought into the kernel. It does nothing else,
/// and waits for nothing but the next event: what blocks for longer is handed to the [Observer].
public final class LeaseLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseLoop.class);
  private static final long MAX_WAIT_NANOS = 500_000_000L;

  private final LeaseMachine machine;
  private final LeaseClock clock;
  private final VipKernel kernel;
  private final Wire wire;
  private final Observer observer;
  private final BlockingQueue<LeaseEvent> events = new LinkedBlockingQueue<>();
  private final Deque<LeaseEvent> answers = new ArrayDeque<>();

  /// VIPs of which nobody knows what the kernel has: a key failed, and clearing both failed, too.
  private final Set<String> unclear = new TreeSet<>();

  private long suspensions;
  private volatile boolean ended;
  private volatile long aliveAtNanos = System.nanoTime();

  /// How lease messages leave; never blocks, may lose.
  public interface Wire {
    void send(String to, LeaseMessage message);
  }

  /// Who wants to know what the leases say. Called on the lease thread: hand it on.
  public interface Observer {
    void peerSilent(String peer);

    void peerHeard(String peer);

    void peerBegan(String peer, long run);

    void peerLeft(String peer);

    void holdChanged(String vip, boolean holding, long epoch);
  }

  /// @param machine made with a time of the same clock
  public LeaseLoop(
      LeaseMachine machine, LeaseClock clock, VipKernel kernel, Wire wire, Observer observer) {
    this.machine = machine;
    this.clock = clock;
    this.suspensions = clock.suspensions();
    this.kernel = kernel;
    this.wire = wire;
    this.observer = observer;
  }

  /// Hands an event to the machine, from any thread.
  public void post(LeaseEvent event) {
    events.add(event);
  }

  /// [System#nanoTime] when the thread was seen to work last.
  public long aliveAtNanos() {
    return aliveAtNanos;
  }

  public void end() {
    ended = true;
    events.add(new LeaseEvent.Tick());
  }

  @Override
  public void run() {
    while (!ended) {
      LeaseEvent event = next();
      step(event);
      for (LeaseEvent answer = answers.poll(); answer != null; answer = answers.poll()) {
        step(answer);
      }
      aliveAtNanos = System.nanoTime();
    }
  }

  private LeaseEvent next() {
    long wait = Math.clamp(machine.dueAtNanos() - clock.nanos(), 0, MAX_WAIT_NANOS);
    try {
      LeaseEvent event = events.poll(wait, TimeUnit.NANOSECONDS);
      return event == null ? new LeaseEvent.Tick() : event;
    } catch (InterruptedException e) {
      ended = true;
      return new LeaseEvent.Tick();
    }
  }

  private void step(LeaseEvent event) {
    if (wasSuspended()) {
      suspensions = clock.suspensions();
      LOG.warn("The machine was suspended: what it held before is given up");
      perform(new LeaseEvent.Resumed());
    }
    perform(event);
  }

  private void perform(LeaseEvent event) {
    for (LeaseEffect effect : machine.step(event, clock.nanos())) {
      perform(effect);
    }
  }

  private boolean wasSuspended() {
    return clock.suspensions() != suspensions;
  }

  private void perform(LeaseEffect effect) {
    switch (effect) {
      case LeaseEffect.Send(String to, LeaseMessage message) -> wire.send(to, message);
      case LeaseEffect.Hold(String vip, long untilNanos) -> hold(vip, untilNanos);
      case LeaseEffect.Darken(String vip, long number) -> darken(vip, number);
      case LeaseEffect.BecameHolder(String vip, long epoch) -> becameHolder(vip, epoch);
      case LeaseEffect.Announce(String vip) -> tried(vip, "announce", kernel::announce);
      case LeaseEffect.HolderSeen seen -> LOG.debug("{}", seen);
      case LeaseEffect.PeerSilent(String peer) -> observer.peerSilent(peer);
      case LeaseEffect.PeerHeard(String peer) -> observer.peerHeard(peer);
      case LeaseEffect.PeerBegan(String peer, long incarnation) ->
          observer.peerBegan(peer, incarnation);
      case LeaseEffect.PeerLeft(String peer) -> observer.peerLeft(peer);
    }
  }

  private void hold(String vip, long untilNanos) {
    if (unclear.contains(vip)) {
      return;
    }
    HoldCommit commit = new HoldCommit(untilNanos);
    HoldCommit.Step step = commit.next(clock.nanos());
    while (true) {
      switch (step) {
        case HoldCommit.Step.SetKey(HoldCommit.Key key, long timeoutNanos) ->
            step =
                setKey(vip, key, timeoutNanos) && !wasSuspended()
                    ? commit.next(clock.nanos())
                    : commit.refused();
        case HoldCommit.Step.ClearKeys() -> {
          if (!clearKeys(vip)) {
            // One key may be too long, and the other one right: nothing touches either before a
            // clear has worked. The machine asks for it until then.
            unclear.add(vip);
            answers.add(new LeaseEvent.HoldFailed(vip));
            return;
          }
          step = commit.next(clock.nanos());
        }
        case HoldCommit.Step.Done() -> {
          return;
        }
        case HoldCommit.Step.Failed() -> {
          answers.add(new LeaseEvent.HoldFailed(vip));
          return;
        }
      }
    }
  }

  private void becameHolder(String vip, long epoch) {
    LeaseEvent failed = new LeaseEvent.HoldFailed(vip);
    if (answers.contains(failed)) {
      return; // its keys could not be set a moment ago, so there is nothing to show
    }
    if (tried(vip, "show", kernel::show)) {
      observer.holdChanged(vip, true, epoch);
    } else {
      // A lease without the address answers nothing, and keeps others from answering.
      answers.add(failed);
    }
  }

  private void darken(String vip, long number) {
    if (clearKeys(vip)) {
      unclear.remove(vip);
      tried(vip, "hide", kernel::hide);
      observer.holdChanged(vip, false, 0);
      answers.add(new LeaseEvent.Darkened(vip, number));
    }
  }

  private boolean setKey(String vip, HoldCommit.Key key, long timeoutNanos) {
    return tried(vip, "renew the lease of", name -> kernel.setKey(name, key, timeoutNanos));
  }

  private boolean clearKeys(String vip) {
    return tried(vip, "darken", kernel::clearKeys);
  }

  private static boolean tried(String vip, String verb, KernelCall call) {
    try {
      call.on(vip);
      return true;
    } catch (IOException e) {
      LOG.error("The kernel did not {} VIP {}: {}", verb, vip, e.getMessage());
      return false;
    }
  }

  private interface KernelCall {
    void on(String vip) throws IOException;
  }
}
