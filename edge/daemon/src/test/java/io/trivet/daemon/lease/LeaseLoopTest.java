package io.trivet.daemon.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseTiming;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the lease thread does when the kernel refuses, seen from the kernel.
class LeaseLoopTest {
  private static final String VIP = "public";
  private static final int MOST_CALLS = 60;

  private final BrokenKernel kernel = new BrokenKernel();
  private final SuspendedClock clock = new SuspendedClock();
  private final LeaseLoop loop =
      new LeaseLoop(
          new LeaseMachine(
              "c1",
              List.of("c1"),
              LeaseTiming.STANDARD,
              LeaseTiming.STANDARD.promiseNanos(),
              1,
              System.nanoTime()),
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

  private void begin() {
    loop.post(new LeaseEvent.Assigned(List.of(new VipAssignment(VIP, 1, "c1", List.of()))));
    loop.post(new LeaseEvent.Eligible(VIP, true));
    Thread.ofPlatform().daemon().start(loop);
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

    private void called(String call) throws IOException {
      if (refusals.remove(call)) {
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
    public void peerSilent(String peer) {
      calls.add("silent");
    }

    @Override
    public void peerHeard(String peer) {
      calls.add("heard");
    }

    @Override
    public void peerLeft(String peer) {}

    @Override
    public void peerBegan(String peer, long incarnation) {
      calls.add("began");
    }

    @Override
    public void holdChanged(String vip, boolean holding, long epoch) {
      calls.add(holding ? "holds" : "dark");
    }
  }
}
