package io.trivet.lab.drill;

import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import java.util.Locale;

/// A series of checks with one line each and a closing line. The first that fails ends the series;
/// what comes after it counts as skipped, except for the cleaning up.
public final class Selftest {
  /// What is promised: the longest outage of a power-off, the time without a token in a full
  /// outage.
  private static final long PROMISED_OUTAGE_MS = 1_000;

  private static final long PROMISED_API_MS = 60_000;

  /// A check fails only beyond this many times the promise, since the load of the machine must not
  /// decide about it; what is above the promise is said. Two holders are never allowed.
  private static final int TOLERANCE = 10;

  private final Console console;
  private int passed;
  private int failed;
  private int skipped;

  public Selftest(Console console) {
    this.console = console;
  }

  /// A check: what it found, in a few words.
  @FunctionalInterface
  public interface Check {
    String run() throws LabException;
  }

  /// Makes a check, unless one before it has failed.
  public void check(String name, Check check) {
    if (failed > 0) {
      skip(name, "an earlier check failed");
    } else {
      always(name, check);
    }
  }

  /// Makes a check whatever happened before.
  public void always(String name, Check check) {
    long start = System.nanoTime();
    try {
      String found = check.run();
      passed++;
      line("passed", name, start, found);
    } catch (LabException e) {
      failed++;
      line("FAILED", name, start, String.valueOf(e.getMessage()));
    }
  }

  /// Leaves a check out.
  public void skip(String name, String reason) {
    skipped++;
    console.say(String.format(Locale.ROOT, "skipped %-14s %s", name, reason));
  }

  /// One run of a fault, held to what is promised.
  public void drill(Drill drill, Fault fault) {
    check(
        fault.word(),
        () -> {
          DrillRun run = drill.run(fault);
          String found =
              String.format(
                  Locale.ROOT,
                  "outage %d ms, two holders %d ms, no token for %d ms, healthy after %d ms",
                  run.outageMs(),
                  run.twoHoldersMs(),
                  run.apiMs(),
                  run.recoveredMs());
          boolean whole = fault == Fault.FULL_OUTAGE;
          long promised = whole ? PROMISED_API_MS : PROMISED_OUTAGE_MS;
          long measured = whole ? run.apiMs() : run.outageMs();
          if (run.twoHoldersMs() > 0) {
            throw new LabException(found + ": two controllers answered");
          }
          if (measured > TOLERANCE * promised) {
            throw new LabException(found + ": far more than the promised " + promised + " ms");
          }
          return measured > promised ? found + "; above the promised " + promised + " ms" : found;
        });
  }

  /// Says the closing line.
  ///
  /// @return the exit code: 1 when anything failed
  public int close() {
    console.say(passed + " passed, " + failed + " failed, " + skipped + " skipped");
    return failed > 0 ? 1 : 0;
  }

  private void line(String outcome, String name, long start, String found) {
    console.say(
        String.format(
            Locale.ROOT,
            "%s  %-14s %6.1f s  %s",
            outcome,
            name,
            (System.nanoTime() - start) / 1e9,
            found));
  }
}
