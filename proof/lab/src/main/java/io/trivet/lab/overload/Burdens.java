package io.trivet.lab.overload;

import io.trivet.lab.host.Command;
import io.trivet.lab.host.LabException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What makes the machine too busy: busy processes of normal priority, a loop of writes that the
/// disk must keep, and memory that is taken and given back. Processes of their own, in nobody's
/// control group.
final class Burdens implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");
  static final int SPINNING = 16;
  static final int CHURN_MIB = 2048;

  private final List<Process> processes = new ArrayList<>();

  /// @param folder on the disk of the controllers, for the file that is written
  static Burdens start(Path folder) throws LabException {
    Burdens burdens = new Burdens();
    try {
      for (int i = 0; i < SPINNING; i++) {
        burdens.add("spin");
      }
      burdens.add("sync", folder.resolve("burden").toString());
      burdens.add(
          "churn", MEMORY.resolve("trivet-lab-burden").toString(), Integer.toString(CHURN_MIB));
      return burdens;
    } catch (LabException e) {
      burdens.close();
      throw e;
    }
  }

  private void add(String... what) throws LabException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms8m",
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Burden.class.getName()));
    words.addAll(List.of(what));
    try {
      processes.add(
          new Command(words)
              .builder()
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new LabException("cannot start a burden: " + e.getMessage(), e);
    }
  }

  /// Whether all of them still run: one that ended would make the machine less busy than is said.
  void checkRunning() throws LabException {
    for (Process process : processes) {
      if (!process.isAlive()) {
        throw new LabException(
            "a burden ended with exit code "
                + process.exitValue()
                + ": the measurement is worth nothing");
      }
    }
  }

  @Override
  public void close() throws LabException {
    processes.forEach(Process::destroyForcibly);
    try {
      for (Process process : processes) {
        process.waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
