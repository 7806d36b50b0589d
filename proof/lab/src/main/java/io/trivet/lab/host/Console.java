package io.trivet.lab.host;

import java.io.PrintStream;
import java.util.Locale;

/// Where the lab speaks to the person at the keyboard: one line a step with its time. On a terminal
/// the line of a running step is rewritten in place; elsewhere each line is written once.
public final class Console {
  private static final int BAR_WIDTH = 30;

  private final PrintStream out;
  private final boolean terminal;

  public Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /// Standard output; a terminal when standard input and output are one.
  @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again when there is no terminal
  public static Console standard() {
    java.io.Console console = System.console();
    return new Console(System.out, console != null && console.isTerminal());
  }

  /// Standard error, for commands whose standard output is for programs.
  public static Console error() {
    return new Console(System.err, false);
  }

  /// Something that the lab does and that takes time.
  @FunctionalInterface
  public interface Step {
    void run() throws LabException;
  }

  /// Does a step and says how long it took. When it fails, the line says so, and the exception goes
  /// on.
  public void step(String what, Step step) throws LabException {
    long start = System.nanoTime();
    if (terminal) {
      out.print("  …      " + what);
      out.flush();
    }
    boolean done = false;
    try {
      step.run();
      done = true;
    } finally {
      out.println(
          (terminal ? "\r\033[K" : "") + seconds(start) + (done ? "  " : "  FAILED: ") + what);
    }
  }

  public void say(String line) {
    out.println(line);
  }

  /// Shows how far something is. Elsewhere than on a terminal only every tenth percent is a line.
  ///
  /// @param what in a few words
  /// @param percent 0-100
  /// @param before what was shown before, -1 at first
  /// @param startNanos when it began
  /// @return what to give as `before` next time
  public int progress(String what, int percent, int before, long startNanos) {
    if (terminal) {
      int full = percent * BAR_WIDTH / 100;
      String bar = "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
      out.printf(Locale.ROOT, "\r\033[K%s  %s %3d %%  %s", seconds(startNanos), bar, percent, what);
      out.flush();
      return percent;
    }
    if (before < 0 || percent / 10 > before / 10) {
      out.println(String.format(Locale.ROOT, "%s  %3d %%  %s", seconds(startNanos), percent, what));
      return percent;
    }
    return before;
  }

  /// Ends a line that [#progress] has left open.
  public void endProgress() {
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }

  private static String seconds(long startNanos) {
    return String.format(Locale.ROOT, "%6.1f s", (System.nanoTime() - startNanos) / 1e9);
  }
}
