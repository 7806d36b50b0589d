package io.trivet.lab.overload;

import io.trivet.lab.drill.Drill;
import io.trivet.lab.drill.Fault;
import io.trivet.lab.drill.Faults;
import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.Machine;
import io.trivet.lab.host.Pause;
import io.trivet.lab.node.ClusterStatus;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import io.trivet.lab.node.Trivet;
import io.trivet.lab.observe.Held;
import io.trivet.lab.observe.HolderWatch;
import io.trivet.lab.observe.Observer;
import io.trivet.lab.observe.Sight;
import io.trivet.linux.Errno;
import io.trivet.linux.process.ProcessThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Makes the machine far too busy, takes the power of all controllers and gives it back, and counts
/// what moves afterwards although nothing is broken any more; the same for keepalived beside it.
public final class Overload {
  private static final long HEALTH_SECONDS = 600;
  private static final long LOOK_MILLIS = 5_000;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  /// Before every ordinary process, behind the lease processes (10 and 20).
  private static final int WATCH_PRIORITY = 1;

  private final Nodes nodes;
  private final Trivet trivet;
  private final Faults faults;
  private final Drill.Watch watch;
  private final Path switchNamespace;
  private final Path scratch;
  private final Console console;

  /// @param watch begins to watch the VIP
  /// @param switchNamespace the namespace of the switch, as a file
  /// @param scratch a folder on the disk that the controllers use
  public Overload(
      Nodes nodes,
      Trivet trivet,
      Faults faults,
      Drill.Watch watch,
      Path switchNamespace,
      Path scratch,
      Console console) {
    this.nodes = nodes;
    this.trivet = trivet;
    this.faults = faults;
    this.watch = watch;
    this.switchNamespace = switchNamespace;
    this.scratch = scratch;
    this.console = console;
  }

  /// Measures once.
  ///
  /// @param timing the profile that is in force, for the result
  /// @param rival whether keepalived runs beside it
  public OverloadResult run(String timing, long minutes, boolean rival) throws LabException {
    trivet.awaitHealthy(HEALTH_SECONDS);
    if (!rival) {
      return measured(timing, minutes, Optional.empty());
    }
    try (Rival _ = Rival.start(nodes);
        HolderWatch other = HolderWatch.start(switchNamespace, Rival.ADDRESS)) {
      return measured(timing, minutes, Optional.of(other));
    }
  }

  /// The stretch of time that counts, on both clocks.
  ///
  /// @param healthyMillis when the cluster was healthy first; -1 when it never was
  private record Stretch(
      long from, long until, long fromMillis, long untilMillis, long healthyMillis) {}

  private OverloadResult measured(String timing, long minutes, Optional<HolderWatch> other)
      throws LabException {
    try (Observer observer = watch.start()) {
      Stretch stretch = burdened(observer, other, minutes);
      long from = stretch.from();
      long until = stretch.until();
      long healthy = stretch.healthyMillis();
      Sight sight = observer.sight(from, until);
      return new OverloadResult(
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
          Machine.describe(),
          timing,
          minutes,
          address(Held.of(sight.holders(), from, until)),
          trivet.falselyGone(stretch.fromMillis(), stretch.untilMillis()),
          trivet.writerChangesByGone(stretch.fromMillis(), stretch.untilMillis()),
          healthy < 0 ? -1 : healthy - stretch.fromMillis(),
          other.map(each -> address(Held.of(each.holders(), from, until))).orElse(null),
          millis(sight.blindNanos()));
    }
  }

  private Stretch burdened(Observer observer, Optional<HolderWatch> other, long minutes)
      throws LabException {
    try (Burdens burdens = Burdens.start(scratch)) {
      watchFirst();
      faults.make(Fault.FULL_OUTAGE, Node.CONTROLLERS.getFirst());
      Pause.millis(Fault.FULL_OUTAGE.lastsMillis());
      long from = System.nanoTime();
      long fromMillis = System.currentTimeMillis();
      faults.undo(Fault.FULL_OUTAGE, Node.CONTROLLERS.getFirst());
      long healthyMillis = watched(observer, burdens, other, from, minutes);
      burdens.checkRunning();
      return new Stretch(
          from, System.nanoTime(), fromMillis, System.currentTimeMillis(), healthyMillis);
    }
  }

  /// Who watches must see what the controllers' kernels answer, whatever else waits for a
  /// processor. Not the thread that starts the commands: they would hurry, too.
  private static void watchFirst() throws LabException {
    Optional<Errno> refused;
    try {
      refused =
          ProcessThreads.roundRobin(
              WATCH_PRIORITY, name -> !name.equals("java") && !name.equals("main"));
    } catch (IOException e) {
      throw new LabException("the observer cannot be made real-time: " + e.getMessage(), e);
    }
    if (refused.isPresent()) {
      throw new LabException("the observer cannot be made real-time: " + refused.get());
    }
  }

  /// Watches to the end.
  ///
  /// @return when the cluster was healthy first, as wall-clock time; -1 when it never was
  private long watched(
      Observer observer, Burdens burdens, Optional<HolderWatch> other, long from, long minutes)
      throws LabException {
    long healthyMillis = -1;
    for (long minute = 1; minute <= minutes; minute++) {
      while (System.nanoTime() - from < minute * MINUTE_NANOS) {
        Pause.millis(LOOK_MILLIS);
        burdens.checkRunning();
        if (healthyMillis < 0
            && trivet.status(Optional.empty()).filter(ClusterStatus::healthy).isPresent()) {
          healthyMillis = System.currentTimeMillis();
        }
      }
      long now = System.nanoTime();
      console.say(
          minute
              + " of "
              + minutes
              + " minutes: "
              + told("Trivet", Held.of(observer.sight(from, now).holders(), from, now))
              + other
                  .map(each -> "; " + told("keepalived", Held.of(each.holders(), from, now)))
                  .orElse("")
              + (healthyMillis < 0 ? "; not healthy yet" : ""));
    }
    return healthyMillis;
  }

  private static String told(String who, Held held) {
    return held.firstNanos() < 0
        ? who + " does not answer yet"
        : who
            + " "
            + held.moves()
            + " moves, longest gap "
            + millis(held.gapNanos())
            + " ms, two holders "
            + millis(held.twoNanos())
            + " ms";
  }

  private static OverloadResult.Address address(Held held) {
    return new OverloadResult.Address(
        held.firstNanos() < 0 ? -1 : millis(held.firstNanos()),
        held.moves(),
        millis(held.gapNanos()),
        millis(held.twoNanos()));
  }

  private static long millis(long nanos) {
    return (nanos + 500_000) / 1_000_000;
  }
}
