package io.trivet.lab.drill;

import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.Pause;
import io.trivet.lab.node.ClusterStatus;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Trivet;
import io.trivet.lab.observe.Observer;
import io.trivet.lab.observe.Sight;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Makes a fault at the controller that holds the VIP and measures what a client loses by it, from
/// the last answer before to health after.
public final class Drill {
  /// Watching before the fault: enough for tokens to be flowing.
  private static final long BEFORE_MILLIS = 1_500;

  /// Watching after health: a second holder or a gap that comes late still counts.
  private static final long AFTER_MILLIS = 1_500;

  private static final long HEALTH_SECONDS = 240;
  private static final long FOUND_SECONDS = 30;
  private static final long FOUND_POLL_MILLIS = 50;
  private static final int HEALTHY_IN_A_ROW = 3;
  private static final long POLL_MILLIS = 200;

  private final Trivet trivet;
  private final Faults faults;
  private final Watch watch;
  private final Console console;

  /// Begins to watch.
  @FunctionalInterface
  public interface Watch {
    Observer start() throws LabException;
  }

  public Drill(Trivet trivet, Faults faults, Watch watch, Console console) {
    this.trivet = trivet;
    this.faults = faults;
    this.watch = watch;
    this.console = console;
  }

  /// One run: waits for health, breaks, undoes, waits for health again.
  public DrillRun run(Fault fault) throws LabException {
    ClusterStatus before = ready(fault);
    Node holder = fault.atWriter() ? writer(before) : holder(before);
    try (Observer observer = watch.start()) {
      awaitTokens(observer);
      Pause.millis(BEFORE_MILLIS);
      long from = System.nanoTime();
      boolean undone = false;
      long undoneAt;
      try {
        faults.make(fault, holder);
        if (fault.needsSmallDisks()) {
          awaitSaid(holder, "full", from);
        }
        Pause.millis(fault.lastsMillis());
        undoneAt = System.nanoTime();
        faults.undo(fault, holder);
        undone = true;
      } finally {
        if (!undone) {
          undoQuietly(fault, holder);
        }
      }
      if (fault.hangs()) {
        awaitFound(fault, from);
      }
      Recovery recovery = awaitRecovery(from);
      Pause.millis(AFTER_MILLIS);
      Sight sight = observer.sight(from, System.nanoTime());
      long apiNanos =
          fault == Fault.FULL_OUTAGE
              ? observer.firstTokenAfter(undoneAt) - undoneAt
              : sight.apiNanos();
      return new DrillRun(
          millis(sight.outageNanos()),
          millis(sight.twoHoldersNanos()),
          millis(apiNanos),
          millis(recovery.nanos()),
          fault.lastsMillis() == 0 ? 0 : millis(undoneAt - from),
          holder.name(),
          recovery.status().holder().orElse("nobody"),
          millis(sight.blindNanos()));
    }
  }

  /// A healthy cluster in which the fault can be made.
  private ClusterStatus ready(Fault fault) throws LabException {
    ClusterStatus status = trivet.awaitHealthy(HEALTH_SECONDS);
    if (fault != Fault.POWER_OFF_WRITER) {
      return status;
    }
    long deadline = System.nanoTime() + HEALTH_SECONDS * 1_000_000_000L;
    while (!status.holder().equals(status.writer())) {
      if (System.nanoTime() > deadline) {
        throw new LabException("the VIP does not get to the controller with the writer");
      }
      String writer =
          status.writer().orElseThrow(() -> new LabException("no controller names the writer"));
      faults.moveVip(holder(status), writer);
      Pause.millis(BEFORE_MILLIS);
      status = trivet.awaitHealthy(HEALTH_SECONDS);
    }
    return status;
  }

  /// Several runs. What was measured before one fails is not lost: it is given to `each`.
  public void run(Fault fault, int times, Sink each) throws LabException {
    faults.prepare(fault);
    try {
      runAll(fault, times, each);
    } finally {
      faults.clean(fault);
    }
  }

  private void runAll(Fault fault, int times, Sink each) throws LabException {
    for (int i = 1; i <= times; i++) {
      DrillRun run = run(fault);
      console.say(
          String.format(
              Locale.ROOT,
              "%s %d/%d: outage %d ms (the observer paused for up to %d ms), two holders %d ms,"
                  + " no token for %d ms, healthy after %d ms (%s → %s)",
              fault,
              i,
              times,
              run.outageMs(),
              run.observerBlindMs(),
              run.twoHoldersMs(),
              run.apiMs(),
              run.recoveredMs(),
              run.holder(),
              run.holderAfter()));
      each.take(run);
    }
  }

  /// Takes each run as it ends.
  @FunctionalInterface
  public interface Sink {
    void take(DrillRun run) throws LabException;
  }

  private record Recovery(long nanos, ClusterStatus status) {}

  /// What hangs is healthy until somebody finds it.
  private void awaitFound(Fault fault, long from) throws LabException {
    long deadline = from + FOUND_SECONDS * 1_000_000_000L;
    while (System.nanoTime() < deadline) {
      Optional<ClusterStatus> status = trivet.status(Optional.empty());
      if (status.isPresent() && !status.get().healthy()) {
        console.say(fault + ": found after " + millis(System.nanoTime() - from) + " ms");
        return;
      }
      Pause.millis(FOUND_POLL_MILLIS);
    }
    throw new LabException(fault + " was not found within " + FOUND_SECONDS + " s");
  }

  /// Whoever has the trouble says it while it lasts.
  private void awaitSaid(Node at, String word, long from) throws LabException {
    long deadline = from + FOUND_SECONDS * 1_000_000_000L;
    while (System.nanoTime() < deadline) {
      boolean said =
          trivet.status(at).stream()
              .flatMap(status -> status.problems().stream())
              .anyMatch(problem -> problem.contains(word));
      if (said) {
        console.say(at.name() + " says it after " + millis(System.nanoTime() - from) + " ms");
        return;
      }
      Pause.millis(FOUND_POLL_MILLIS);
    }
    throw new LabException(
        at.name() + " does not say \"" + word + "\" within " + FOUND_SECONDS + " s");
  }

  /// Healthy is what stays healthy for several looks; the first of them counts.
  private Recovery awaitRecovery(long from) throws LabException {
    long deadline = System.nanoTime() + HEALTH_SECONDS * 1_000_000_000L;
    long since = 0;
    int inARow = 0;
    while (System.nanoTime() < deadline) {
      Optional<ClusterStatus> status = trivet.status(Optional.empty());
      if (status.isPresent() && status.get().healthy() && status.get().holder().isPresent()) {
        if (inARow == 0) {
          since = System.nanoTime();
        }
        inARow++;
        if (inARow == HEALTHY_IN_A_ROW) {
          return new Recovery(since - from, status.get());
        }
      } else {
        inARow = 0;
      }
      Pause.millis(POLL_MILLIS);
    }
    return new Recovery(System.nanoTime() - from, trivet.awaitHealthy(1));
  }

  private static void awaitTokens(Observer observer) throws LabException {
    long begin = System.nanoTime();
    long deadline = begin + HEALTH_SECONDS * 1_000_000_000L;
    while (observer.firstTokenAfter(begin) < 0 || observer.firstAnswerAfter(begin) < 0) {
      if (System.nanoTime() > deadline) {
        throw new LabException("the client gets no token through the VIP: nothing to measure");
      }
      Pause.millis(50);
    }
  }

  private void undoQuietly(Fault fault, Node holder) {
    try {
      faults.undo(fault, holder);
    } catch (LabException e) {
      console.say("the fault is not undone ('./trivet lab repair' tries again): " + e.getMessage());
    }
  }

  private static Node holder(ClusterStatus status) throws LabException {
    return node(status.holder().orElseThrow(() -> new LabException("nobody holds the VIP")));
  }

  private static Node writer(ClusterStatus status) throws LabException {
    return node(status.writer().orElseThrow(() -> new LabException("no controller is the writer")));
  }

  private static Node node(String name) throws LabException {
    List<Node> found = Node.CONTROLLERS.stream().filter(node -> node.name().equals(name)).toList();
    if (found.isEmpty()) {
      throw new LabException("the status names what is no controller here: " + name);
    }
    return found.getFirst();
  }

  private static long millis(long nanos) {
    return (nanos + 500_000) / 1_000_000;
  }
}
