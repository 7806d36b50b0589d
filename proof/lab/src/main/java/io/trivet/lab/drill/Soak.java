package io.trivet.lab.drill;

import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.Machine;
import io.trivet.lab.host.Pause;
import io.trivet.lab.node.Trivet;
import io.trivet.lab.observe.Observer;
import io.trivet.lab.observe.Sight;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Breaks nothing and keeps everything busy, and counts what moves all the same.
public final class Soak {
  private static final long HEALTH_SECONDS = 240;
  private static final long BEAT_MILLIS = 60_000;

  private final Trivet trivet;
  private final Drill.Watch watch;
  private final Path scratch;
  private final Console console;

  /// @param watch begins to watch, with many requests for tokens
  /// @param scratch a folder for what the compiler compiles; removed in the end
  public Soak(Trivet trivet, Drill.Watch watch, Path scratch, Console console) {
    this.trivet = trivet;
    this.watch = watch;
    this.scratch = scratch;
    this.console = console;
  }

  /// Watches for so many minutes.
  public SoakResult run(long minutes) throws LabException {
    trivet.awaitHealthy(HEALTH_SECONDS);
    try (Observer observer = watch.start();
        Load load = new Load(scratch)) {
      long fromMillis = System.currentTimeMillis();
      long from = System.nanoTime();
      for (long minute = 1; minute <= minutes; minute++) {
        Pause.millis(BEAT_MILLIS);
        Sight sight = observer.sight(from, System.nanoTime());
        console.say(
            minute
                + " of "
                + minutes
                + " minutes: "
                + sight.moves()
                + " moves, longest gap "
                + sight.outageNanos() / 1_000_000
                + " ms, "
                + observer.tokensIssued()
                + " tokens, processors "
                + load.busyPercent()
                + " % busy");
      }
      Sight sight = observer.sight(from, System.nanoTime());
      return new SoakResult(
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
          Machine.describe(),
          minutes,
          sight.moves(),
          trivet.movesToldSince(fromMillis),
          sight.outageNanos() / 1_000_000,
          sight.twoHoldersNanos() / 1_000_000,
          sight.apiNanos() / 1_000_000,
          observer.tokensIssued(),
          load.busyPercent(),
          sight.blindNanos() / 1_000_000);
    }
  }
}
