package io.trivet.daemon.lease;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread on which leases are decided and brought into the kernel. It does nothing else,
/// and waits for nothing but the next event: what blocks for longer is handed to the [Observer].
///
/// *Dark* is only what is proven: the addresses are off the machine, or the keys are cleared and
/// the guard that asks for them is seen in the kernel. When both fail, what carries the VIP is
/// taken away: its link, then the interface below. When that fails as well, the thread ends with
/// [NotDarkException], and the process should with it; nobody is told that the VIP is dark.
public final class LeaseLoop implements Runnable, LeaseThread {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseLoop.class);
  private static final long MAX_WAIT_NANOS = 500_000_000L;

  private final LeaseMachine machine;
  private final LeaseClock clock;
  private final VipKernel kernel;
  private final Wire wire;
  private final Observer observer;
  private final LeaseQueue events = new LeaseQueue();
  private final AtomicLong longestLateNanos = new AtomicLong();
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
    if (event instanceof LeaseEvent.Received(LeaseMessage.Pulse pulse)) {
      events.add(pulse, newest -> step(new LeaseEvent.Received(newest)));
    } else {
      events.add(() -> step(event));
    }
  }

  /// By how much the thread was late at most since this was asked last: when it had something to
  /// do, and did it only then.
  public long longestLateNanos() {
    return longestLateNanos.getAndSet(0);
  }

  @Override
  public void execute(Runnable task) {
    events.add(task);
  }

  @Override
  public void guardTouched(List<String> vips) {
    events.add(() -> restore(vips));
  }

  /// [System#nanoTime] when the thread was seen to work last.
  public long aliveAtNanos() {
    return aliveAtNanos;
  }

  public void end() {
    ended = true;
    events.add(() -> {});
  }

  @Override
  public void run() {
    while (!ended) {
      next().run();
      for (LeaseEvent answer = answers.poll(); answer != null; answer = answers.poll()) {
        step(answer);
      }
      aliveAtNanos = System.nanoTime();
    }
  }

  private Runnable next() {
    Runnable tick = () -> step(new LeaseEvent.Tick());
    long due = machine.dueAtNanos();
    long wait = Math.clamp(due - clock.nanos(), 0, MAX_WAIT_NANOS);
    try {
      LeaseQueue.Task event = events.take(wait);
      late(event == null ? clock.nanos() - due : System.nanoTime() - event.sinceNanos());
      return event == null ? tick : event.what();
    } catch (InterruptedException e) {
      ended = true;
      return tick;
    }
  }

  private void late(long nanos) {
    if (nanos > longestLateNanos.get()) {
      longestLateNanos.accumulateAndGet(nanos, Math::max);
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
    if (unclear.contains(vip) && !cleared(vip)) {
      answers.add(new LeaseEvent.HoldFailed(vip));
      return;
    }
    Committed committed = commit(vip, untilNanos);
    if (committed == Committed.REFUSED && cleared(vip)) {
      // Somebody had taken the guard away, and it was made anew.
      committed = commit(vip, untilNanos);
    }
    if (committed != Committed.DONE) {
      answers.add(new LeaseEvent.HoldFailed(vip));
    }
  }

  private enum Committed {
    DONE,
    /// The VIP is in neither set: the lease was over, or the clock cannot be relied on.
    ENDED,
    /// The kernel refused a key. The VIP is in neither set, or nobody knows, and it is in
    /// `unclear`.
    REFUSED
  }

  /// One way through [HoldCommit].
  private Committed commit(String vip, long untilNanos) {
    Committed otherwise = Committed.ENDED;
    HoldCommit commit = new HoldCommit(untilNanos);
    HoldCommit.Step step = commit.next(clock.nanos());
    while (true) {
      switch (step) {
        case HoldCommit.Step.SetKey(HoldCommit.Key key, long timeoutNanos) -> {
          boolean set = setKey(vip, key, timeoutNanos);
          otherwise = set ? otherwise : Committed.REFUSED;
          step = set && !wasSuspended() ? commit.next(clock.nanos()) : commit.refused();
        }
        case HoldCommit.Step.ClearKeys() -> {
          if (!clearKeys(vip)) {
            // One key may be too long, and the other one right: nothing touches either before a
            // clear has worked.
            unclear.add(vip);
            return Committed.REFUSED;
          }
          step = commit.next(clock.nanos());
        }
        case HoldCommit.Step.Done() -> {
          return Committed.DONE;
        }
        case HoldCommit.Step.Failed() -> {
          return otherwise;
        }
      }
    }
  }

  /// Both keys are cleared, in a guard that is seen in the kernel.
  private boolean cleared(String vip) {
    if (tried(vip, "make the guard anew for", kernel::restoreGuard) && clearKeys(vip)) {
      unclear.remove(vip);
      return true;
    }
    return false;
  }

  private void restore(List<String> vips) {
    for (String vip : vips) {
      boolean restored = tried(vip, "make the guard anew for", kernel::restoreGuard);
      long until = machine.holdsUntilNanos(vip);
      if (until == Long.MIN_VALUE) {
        // Somebody may have put it into the sets, without a lease.
        if (!restored || !clearKeys(vip)) {
          unclear.add(vip);
        }
        continue;
      }
      if (restored) {
        hold(vip, until);
      } else {
        answers.add(new LeaseEvent.HoldFailed(vip));
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
    boolean cleared = clearKeys(vip);
    boolean hidden = tried(vip, "hide", kernel::hide);
    if (!cleared) {
      unclear.add(vip);
    }
    if (!hidden && !cleared(vip) && !cut(vip)) {
      throw new NotDarkException(vip);
    }
    if (cleared) {
      unclear.remove(vip);
    }
    observer.holdChanged(vip, false, 0);
    answers.add(new LeaseEvent.Darkened(vip, number));
  }

  private boolean cut(String vip) {
    LOG.error("{} is not known to be dark: what carries it is taken away", named(vip));
    return tried(vip, "take away the link of", kernel::cutLink)
        || tried(vip, "take down the interface below", kernel::cutUplink);
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
      LOG.error("The kernel did not {} {}: {}", verb, named(vip), e.getMessage());
      return false;
    }
  }

  /// What has the lease, for people.
  static String named(String lease) {
    return UnitLease.is(lease) ? "unit " + UnitLease.resource(lease) : "VIP " + lease;
  }

  private interface KernelCall {
    void on(String vip) throws IOException;
  }
}
