package io.trivet.daemon.effect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs a child process to its end, without a shell.
public final class ToolRun {
  /// Exit code that stands for "could not be started", as shells report it.
  public static final int NOT_STARTED = 127;

  /// Exit code that stands for "was killed because it took too long", as timeout(1) reports it.
  public static final int TIMED_OUT = 124;

  private static final int MAX_OUTPUT_BYTES = 256 * 1024;

  private ToolRun() {}

  /// What came of it.
  ///
  /// @param exitCode the process's own, or [#NOT_STARTED], or [#TIMED_OUT]
  /// @param stdout at most 256 KiB of it, the rest is read and dropped
  /// @param stderr likewise
  public record Result(int exitCode, String stdout, String stderr) {}

  /// Runs the process with an empty standard input and kills it, with its children, when the time
  /// is over.
  public static Result run(List<String> argv, long timeoutNanos) {
    Process process;
    try {
      process =
          new ProcessBuilder(argv)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .start();
    } catch (IOException e) {
      return new Result(
          NOT_STARTED, "", argv.getFirst() + " could not be started: " + e.getMessage());
    }
    CompletableFuture<String> out = readAll(process.getInputStream());
    CompletableFuture<String> err = readAll(process.getErrorStream());
    try {
      if (!process.waitFor(timeoutNanos, TimeUnit.NANOSECONDS)) {
        kill(process);
        return new Result(
            TIMED_OUT,
            "",
            argv.getFirst()
                + " took longer than "
                + TimeUnit.NANOSECONDS.toMillis(timeoutNanos)
                + " ms and was killed");
      }
      return new Result(process.exitValue(), out.join(), err.join());
    } catch (InterruptedException e) {
      kill(process);
      Thread.currentThread().interrupt();
      return new Result(TIMED_OUT, "", argv.getFirst() + " was interrupted");
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static CompletableFuture<String> readAll(InputStream in) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (in) {
                String kept = new String(in.readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8);
                in.skip(Long.MAX_VALUE);
                text.complete(kept);
              } catch (IOException e) {
                text.complete("");
              }
            });
    return text;
  }
}
