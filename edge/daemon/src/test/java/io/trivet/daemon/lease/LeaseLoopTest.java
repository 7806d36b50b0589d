package io.trivet.daemon.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.lease.LeaseTiming;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the lease thread does when the kernel refuses, seen from the kernel.
class LeaseLoopTest {
  private static final String VIP = "public";
  private static final int MOST_CALLS = 200;

  /// Long enough that a machine that is busy with other builds does not let it end.
  private static final LeaseTiming TIMING = LeaseTiming.of(2_000_000_000L, 200_000_000L);

  private final BrokenKernel kernel = new BrokenKernel();
  private final SuspendedClock clock = new SuspendedClock();
  private final LeaseLoop loop =
      new LeaseLoop(
          new LeaseMachine(
              "c1", List.of("c1"), TIMING, TIMING.promiseNanos(), 1, System.nanoTime()),
          clock,
          kernel,
          (_, _) -> {},
          kernel);

  @AfterEach
  void end() {
    loop.end();
  }

  @Test
  void anAddressThatCannotBeShownGivesTheLeaseBack() {
    kernel.refuse("show");
    begin();
    List<String> first = kernel.callsUntil("dark");
    assertTrue(first.contains("show refused"), first.toString());
    assertTrue(first.contains("clear"), first.toString());
    assertFalse(first.contains("holds"), "nobody is told of a hold that answers nothing: " + first);
    List<String> again = kernel.callsUntil("holds");
    assertTrue(again.contains("show"), again.toString());
  }

  @Test
  void noKeyIsSetBeforeAClearThatFailedHasWorked() {
    kernel.refuse("SECOND");
    kernel.refuse("clear");
    kernel.refuse("clear");
    begin();
    List<String> calls = kernel.callsUntil("holds");
    int refused = calls.indexOf("SECOND refused");
    assertTrue(refused >= 0, calls.toString());
    int cleared = calls.indexOf("clear");
    assertTrue(cleared > refused, calls.toString());
    List<String> between = calls.subList(refused + 1, cleared);
    assertEquals(2, between.stream().filter("clear refused"::equals).count(), calls.toString());
    assertFalse(between.contains("FIRST"), calls.toString());
    assertFalse(between.contains("SECOND"), calls.toString());
  }

  @Test
  void aGuardThatIsGoneIsMadeAnewAndTheLeaseGoesOn() {
    begin();
    kernel.callsUntil("holds");
    kernel.refuse("FIRST");
    List<String> calls = kernel.callsUntil("restore");
    assertFalse(calls.contains("dark"), calls.toString());
    calls = kernel.callsUntil("SECOND");
    assertTrue(calls.indexOf("clear") < calls.indexOf("FIRST"), calls.toString());
    assertFalse(calls.contains("dark"), calls.toString());
  }

  @Test
  void aTouchedGuardIsMadeAnewAtOnceAndTheRestOfTheLeaseIsGiven() {
    begin();
    kernel.callsUntil("holds");
    loop.guardTouched(List.of(VIP));
    kernel.callsUntil("restore");
    List<String> calls = kernel.callsUntil("SECOND");
    assertEquals(List.of("FIRST", "SECOND"), calls);
  }

  @Test
  void withoutAGuardTheAddressIsTakenAwayBeforeAnybodyIsToldThatItIsDark() {
    kernel.refuseAlways("clear", "restore", "FIRST");
    begin();
    List<String> calls = kernel.callsUntil("dark");
    assertTrue(calls.contains("hide"), calls.toString());
    assertFalse(calls.contains("cut link"), calls.toString());
    assertFalse(calls.contains("SECOND"), calls.toString());
  }

  @Test
  void withoutGuardAndAddressTheLinkIsTakenAway() {
    kernel.refuseAlways("clear", "restore", "FIRST", "hide");
    begin();
    List<String> calls = kernel.callsUntil("dark");
    assertTrue(calls.contains("cut link"), calls.toString());
    assertFalse(calls.contains("cut uplink"), calls.toString());
  }

  @Test
  void whatCannotBeMadeDarkEndsTheThreadAndNobodyIsToldThatItIsDark() throws InterruptedException {
    kernel.refuseAlways("clear", "restore", "FIRST", "hide", "cut link", "cut uplink");
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread thread = begin(end);
    thread.join(20_000);
    assertInstanceOf(NotDarkException.class, end.get());
    List<String> calls = kernel.callsUntil("cut uplink refused");
    assertFalse(calls.contains("dark"), calls.toString());
    assertEquals(null, kernel.calls.poll(), "nothing after it");
  }

  @Test
  void aSuspendedMachineIsDarkBeforeAnythingElse() {
    begin();
    kernel.callsUntil("holds");
    clock.suspensions.incrementAndGet();
    List<String> calls = kernel.callsUntil("dark");
    // What was under way when it was suspended may have been one key; then both are taken back.
    assertTrue(calls.indexOf("clear") <= 2, calls.toString());
    List<String> again = kernel.callsUntil("holds");
    assertTrue(again.contains("FIRST"), again.toString());
  }

  @Test
  void ofThePulsesThatWaitOnlyTheNewestIsTaken() {
    LeaseQueue queue = new LeaseQueue();
    List<String> taken = new ArrayList<>();
    queue.add(pulse("c2", 1, 7), pulse -> taken.add(words(pulse)));
    queue.add(() -> taken.add("task"));
    queue.add(pulse("c3", 1, 1), pulse -> taken.add(words(pulse)));
    queue.add(pulse("c2", 1, 9), pulse -> taken.add(words(pulse)));
    queue.add(pulse("c2", 1, 8), pulse -> taken.add("overtaken on the way"));
    runAll(queue);
    assertEquals(List.of("c2 1 9", "task", "c3 1 1"), taken);
    taken.clear();
    queue.add(pulse("c2", 1, 10), pulse -> taken.add(words(pulse)));
    queue.add(pulse("c2", 2, 1), pulse -> taken.add(words(pulse)));
    runAll(queue);
    assertEquals(List.of("c2 2 1"), taken, "another life counts anew");
  }

  private static void runAll(LeaseQueue queue) {
    try {
      for (LeaseQueue.Task task = queue.take(0); task != null; task = queue.take(0)) {
        task.what().run();
      }
    } catch (InterruptedException e) {
      fail(e);
    }
  }

  private static LeaseMessage.Pulse pulse(String from, long life, long seq) {
    return new LeaseMessage.Pulse(from, life, 1, seq, 1, List.of(), List.of());
  }

  private static String words(LeaseMessage.Pulse pulse) {
    return pulse.from() + " " + pulse.incarnation() + " " + pulse.seq();
  }

  /// A call into the kernel that takes long is lateness, too.
  @Test
  void howLateTheThreadWasIsKnownOnce() {
    begin();
    kernel.callsUntil("holds");
    loop.longestLateNanos();
    CountDownLatch released = new CountDownLatch(1);
    loop.execute(
        () -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    loop.execute(() -> kernel.calls.add("after"));
    long held = System.nanoTime();
    while (System.nanoTime() - held < 30_000_000L) {
      Thread.onSpinWait();
    }
    released.countDown();
    kernel.callsUntil("after");
    assertTrue(loop.longestLateNanos() >= 30_000_000L);
  }

  private void begin() {
    begin(new AtomicReference<>());
  }

  private Thread begin(AtomicReference<Throwable> end) {
    loop.post(new LeaseEvent.Assigned(List.of(new VipAssignment(VIP, 1, "c1", List.of()))));
    loop.post(new LeaseEvent.Eligible(VIP, true));
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .uncaughtExceptionHandler((_, failure) -> end.set(failure))
            .unstarted(loop);
    thread.start();
    return thread;
  }

  /// The ordinary clock, and a machine that is suspended by saying so.
  private static final class SuspendedClock implements LeaseClock {
    private final AtomicLong suspensions = new AtomicLong();

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public long suspensions() {
      return suspensions.get();
    }
  }

  /// Takes every call, and refuses the next ones of a kind when told so.
  private static final class BrokenKernel implements VipKernel, LeaseLoop.Observer {
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();

    void refuse(String call) {
      refusals.add(call);
    }

    private final ConcurrentLinkedQueue<String> refusedAlways = new ConcurrentLinkedQueue<>();

    /// All calls up to and with this one.
    List<String> callsUntil(String last) {
      List<String> seen = new ArrayList<>();
      while (!seen.contains(last)) {
        try {
          String call = calls.poll(20, TimeUnit.SECONDS);
          if (call == null || seen.size() > MOST_CALLS) {
            return fail("no " + last + " after " + seen);
          }
          seen.add(call);
        } catch (InterruptedException e) {
          return fail(e);
        }
      }
      return seen;
    }

    void refuseAlways(String... always) {
      refusedAlways.addAll(List.of(always));
    }

    private void called(String call) throws IOException {
      if (refusedAlways.contains(call) || refusals.remove(call)) {
        calls.add(call + " refused");
        throw new IOException("refused");
      }
      calls.add(call);
    }

    @Override
    public void setKey(String vip, HoldCommit.Key key, long timeoutNanos) throws IOException {
      called(key.name());
    }

    @Override
    public void clearKeys(String vip) throws IOException {
      called("clear");
    }

    @Override
    public void show(String vip) throws IOException {
      called("show");
    }

    @Override
    public void hide(String vip) throws IOException {
      called("hide");
    }

    @Override
    public void announce(String vip) throws IOException {
      called("announce");
    }

    @Override
    public void restoreGuard(String vip) throws IOException {
      called("restore");
    }

    @Override
    public void cutLink(String vip) throws IOException {
      called("cut link");
    }

    @Override
    public void cutUplink(String vip) throws IOException {
      called("cut uplink");
    }

    @Override
    public void peerSilent(String peer) {
      calls.add("silent");
    }

    @Override
    public void peerHeard(String peer) {
      calls.add("heard");
    }

    @Override
    public void peerBegan(String peer, long incarnation) {
      calls.add("began");
    }

    @Override
    public void peerLeft(String peer) {}

    @Override
    public void holdChanged(String vip, boolean holding, long epoch) {
      calls.add(holding ? "holds" : "dark");
    }
  }
}
