package io.trivet.lab.drill;

import io.trivet.lab.host.Command;
import io.trivet.lab.host.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps the machine's processors busy as a build on it would: one Java compiler for each of them,
/// over and over.
final class Load implements AutoCloseable {
  private static final int METHODS = 1_000;

  private final Path folder;
  private final List<Thread> threads = new ArrayList<>();
  private final List<Process> compilers = new CopyOnWriteArrayList<>();
  private volatile boolean closed;
  private final Ticks begin;

  Load(Path folder) throws LabException {
    this.folder = folder;
    this.begin = Ticks.now();
    Path source = folder.resolve("Busy.java");
    try {
      Files.createDirectories(folder);
      Files.writeString(source, source());
    } catch (IOException e) {
      throw new LabException("cannot write " + source + ": " + e.getMessage(), e);
    }
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Path target = folder.resolve("classes-" + i);
      threads.add(Thread.ofPlatform().daemon().start(() -> compile(source, target)));
    }
  }

  /// How busy all processors were since the begin, in percent.
  long busyPercent() throws LabException {
    Ticks now = Ticks.now();
    long all = now.all() - begin.all();
    return all == 0 ? 0 : 100 - 100 * (now.idle() - begin.idle()) / all;
  }

  /// Ends the compilers where they are.
  @Override
  public void close() throws LabException {
    closed = true;
    compilers.forEach(Process::destroyForcibly);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
    Command.of("rm", "-rf", "--", folder.toString()).check();
  }

  private void compile(Path source, Path target) {
    String compiler = Path.of(System.getProperty("java.home"), "bin", "javac").toString();
    try {
      while (!closed) {
        Process process =
            Command.of(compiler, "-nowarn", "-d", target.toString(), source.toString())
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        compilers.add(process);
        if (closed) {
          process.destroyForcibly();
        }
        process.waitFor();
        compilers.remove(process);
      }
    } catch (IOException e) {
      // Without a compiler there is less load: the busy percentage tells.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String source() {
    StringBuilder text = new StringBuilder("final class Busy {\n");
    for (int i = 0; i < METHODS; i++) {
      text.append("  static java.util.Map<String, Integer> m").append(i);
      text.append("(java.util.List<String> in) { return in.stream().collect(");
      text.append("java.util.stream.Collectors.toMap(s -> s + ").append(i);
      text.append(", s -> s.length() + ").append(i).append(")); }\n");
    }
    return text.append("}\n").toString();
  }

  /// The first line of `/proc/stat` (proc(5)): time in ticks, the fourth and fifth are idle.
  private record Ticks(long all, long idle) {
    static Ticks now() throws LabException {
      try {
        String[] words = Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+");
        long all = 0;
        for (int i = 1; i <= 8; i++) {
          all += Long.parseLong(words[i]);
        }
        return new Ticks(all, Long.parseLong(words[4]) + Long.parseLong(words[5]));
      } catch (IOException e) {
        throw new LabException("cannot read /proc/stat: " + e.getMessage(), e);
      }
    }
  }
}
