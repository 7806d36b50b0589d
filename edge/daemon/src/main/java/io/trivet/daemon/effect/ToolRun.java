package io.trivet.daemon.effect;

import io.trivet.linux.process.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a child process to its end, without a shell, in a session of its own (setsid(1)): when its
/// time is over, all of its processes are killed, also those whose parent has ended.
public final class ToolRun {
  /// Exit code that stands for "could not be started", as shells report it.
  public static final int NOT_STARTED = 127;

  /// Exit code that stands for "was killed because it took too long", as timeout(1) reports it.
  public static final int TIMED_OUT = 124;

  private static final Logger LOG = LoggerFactory.getLogger(ToolRun.class);
  private static final String SESSION = "/usr/bin/setsid";
  private static final int MAX_OUTPUT_BYTES = 256 * 1024;

  /// How long what a process wrote may take to arrive after its end. Longer it is kept open by
  /// somebody that it left behind.
  private static final long REST_NANOS = 500_000_000L;

  private ToolRun() {}

  /// What came of it.
  ///
  /// @param exitCode the process's own, or [#NOT_STARTED], or [#TIMED_OUT]
  /// @param stdout at most 256 KiB of it, the rest is read and dropped
  /// @param stderr likewise
  public record Result(int exitCode, String stdout, String stderr) {}

  /// Runs the process with an empty standard input and kills it, with all that it started, when the
  /// time is over.
  public static Result run(List<String> argv, long timeoutNanos) {
    List<String> own = new ArrayList<>(List.of(SESSION));
    own.addAll(argv);
    Process process;
    try {
      process =
          new ProcessBuilder(own)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .start();
    } catch (IOException e) {
      return new Result(
          NOT_STARTED, "", argv.getFirst() + " could not be started: " + e.getMessage());
    }
    Output out = new Output(process.getInputStream());
    Output err = new Output(process.getErrorStream());
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
      return new Result(process.exitValue(), out.text(), err.text());
    } catch (InterruptedException e) {
      kill(process);
      Thread.currentThread().interrupt();
      return new Result(TIMED_OUT, "", argv.getFirst() + " was interrupted");
    } finally {
      out.close();
      err.close();
    }
  }

  /// The group first: whoever is in it and has lost its parent is no descendant any more.
  private static void kill(Process process) {
    try {
      Signals.sendToGroup((int) process.pid(), Signals.Signal.KILL);
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /// What a process writes, read while it runs.
  private static final class Output {
    private final InputStream in;
    private final CompletableFuture<String> text = new CompletableFuture<>();

    Output(InputStream in) {
      this.in = in;
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try {
        String kept = new String(in.readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8);
        in.skip(Long.MAX_VALUE);
        text.complete(kept);
      } catch (IOException e) {
        text.complete("");
      }
    }

    String text() throws InterruptedException {
      try {
        return text.get(REST_NANOS, TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException e) {
        return "";
      }
    }

    void close() {
      try {
        in.close();
      } catch (IOException e) {
        // Whoever read from it has ended.
      }
    }
  }
}
