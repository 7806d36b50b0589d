package io.trivet.lab.host;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// One run of a program of the machine: an argument list, never a line for a shell.
public final class Command {
  /// The search path for programs of the system, in the machine and in the nodes.
  public static final String SYSTEM_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final long DEFAULT_TIMEOUT_SECONDS = 60;

  private final List<String> arguments;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private boolean cleanEnvironment;
  private String input = "";
  private long timeoutSeconds = DEFAULT_TIMEOUT_SECONDS;

  /// @param arguments the program and its arguments
  public Command(List<String> arguments) {
    this.arguments = List.copyOf(arguments);
  }

  public static Command of(String... arguments) {
    return new Command(List.of(arguments));
  }

  /// What the program reads on its standard input; without it, nothing.
  public Command input(String text) {
    this.input = text;
    return this;
  }

  /// Adds a variable. For secrets too: the environment of a process is readable for its owner only.
  public Command variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /// Gives the program these variables and no others.
  public Command onlyVariables(Map<String, String> variables) {
    cleanEnvironment = true;
    environment.putAll(variables);
    return this;
  }

  /// How long the program may take before it is killed; a minute unless said.
  public Command timeoutSeconds(long seconds) {
    this.timeoutSeconds = seconds;
    return this;
  }

  /// Runs it to its end.
  ///
  /// @throws LabException when it cannot be started or takes longer than allowed
  public Finished run() throws LabException {
    Process process;
    try {
      process = builder().start();
    } catch (IOException e) {
      throw new LabException("cannot run " + arguments.getFirst() + ": " + e.getMessage(), e);
    }
    CompletableFuture<String> out = read(process, true);
    CompletableFuture<String> err = read(process, false);
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading its input; its exit code says more.
    }
    try {
      if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new LabException(
            String.join(" ", arguments) + ": no end after " + timeoutSeconds + " s, killed");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while waiting for " + arguments.getFirst(), e);
    }
    return new Finished(arguments, process.exitValue(), out.join(), err.join());
  }

  /// Runs it and wants exit code 0.
  ///
  /// @throws LabException with the program's own words when it fails
  public String check() throws LabException {
    return run().orFail();
  }

  /// Whether it runs and ends with exit code 0.
  public boolean succeeds() {
    try {
      return run().ok();
    } catch (LabException e) {
      return false;
    }
  }

  /// Runs it with the terminal, or whatever this process has as input and output.
  ///
  /// @return its exit code
  public int runAttached() throws LabException {
    try {
      return builder().inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new LabException("cannot run " + arguments.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /// The prepared builder, for those that read the output as it comes.
  public ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(arguments));
    if (cleanEnvironment) {
      builder.environment().clear();
    }
    builder.environment().putAll(environment);
    return builder;
  }

  private static CompletableFuture<String> read(Process process, boolean standardOutput) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (var stream =
                  standardOutput ? process.getInputStream() : process.getErrorStream()) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.complete("");
              } catch (UncheckedIOException e) {
                text.complete("");
              }
            });
    return text;
  }

  /// A run that ended.
  ///
  /// @param exitCode as the shell knows it
  public record Finished(List<String> arguments, int exitCode, String out, String err) {
    public boolean ok() {
      return exitCode == 0;
    }

    /// The output, when the exit code is 0.
    ///
    /// @throws LabException with what the program said otherwise
    public String orFail() throws LabException {
      if (!ok()) {
        String said = (err.isBlank() ? out : err).strip();
        throw new LabException(
            String.join(" ", arguments)
                + ": exit code "
                + exitCode
                + (said.isEmpty() ? "" : "\n" + said));
      }
      return out;
    }
  }
}
