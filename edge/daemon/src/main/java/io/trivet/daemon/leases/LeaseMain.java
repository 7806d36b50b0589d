package io.trivet.daemon.leases;

import io.trivet.daemon.Places;
import io.trivet.daemon.Rehearsal;
import io.trivet.linux.WarmUp;
import io.trivet.linux.process.Memory;
import io.trivet.linux.process.ProcessThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `trivet-leases`: one for each controller, started by systemd before and beside trivetd.
///
/// Exit codes: 0 stopped as asked, or to take on another role; 1 something that held it up failed.
public final class LeaseMain {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseMain.class);
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;

  /// Real-time priority of the process; its lease thread goes before the others.
  static final int PRIORITY = 10;

  /// The log has a thread of its own; what is said last needs a moment.
  private static final long LAST_WORDS_NANOS = 50_000_000L;

  private LeaseMain() {}

  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals("--version")) {
      System.out.println(
          "trivet-leases " + LeaseMain.class.getPackage().getImplementationVersion());
      return;
    }
    if (args.length == 2 && args[0].equals("--rehearse")) {
      rehearse(Path.of(args[1]));
      return;
    }
    if (args.length > 0) {
      System.err.println("trivet-leases takes no arguments; trivetd tells it what to be");
      System.exit(EXIT_USAGE);
    }
    practise();
    Memory.trim(); // what the compiler needed for it
    Memory.lock(true)
        .ifPresent(
            errno ->
                LOG.warn(
                    "The memory of the leases is not locked ({}): they may end while it is brought"
                        + " back",
                    errno));
    goFirst();
    try {
      LeaseDaemon daemon = LeaseDaemon.start(Places.STANDARD);
      sayBuild();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    daemon.stop();
                    LockSupport.parkNanos(LAST_WORDS_NANOS);
                  },
                  "stop"));
      int exit = daemon.awaitEnd();
      LockSupport.parkNanos(LAST_WORDS_NANOS);
      // halt, since the shutdown hook would stop in order what has failed.
      Runtime.getRuntime().halt(exit);
    } catch (IOException e) {
      LOG.error("trivet-leases cannot start: {}", e.getMessage(), e);
      LockSupport.parkNanos(LAST_WORDS_NANOS);
      Runtime.getRuntime().halt(EXIT_FAILED);
    }
  }

  /// For the package's scripts: these leases run from files with this check sum, so that an upgrade
  /// which did not change them leaves them alone.
  private static void sayBuild() {
    Path build = Path.of(System.getProperty("trivet.home", "/usr/lib/trivet"), "leases.build");
    try {
      Files.copy(
          build,
          Places.STANDARD.run().resolve("leases.build"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.info("The next upgrade starts the leases anew: {}", e.getMessage());
    }
  }

  /// Called while the package is built: what is loaded now is found in the cache at every start.
  private static void rehearse(Path folder) {
    practise();
    try {
      LeaseDaemon.start(new Places(folder, folder, folder));
      Rehearsal.linesOnly(folder);
      System.exit(0);
    } catch (IOException | InterruptedException e) {
      System.err.println("The rehearsal failed: " + e.getMessage());
      System.exit(EXIT_FAILED);
    }
  }

  /// Every thread is a real-time one from now on, and what they start: those of the virtual machine
  /// that collect and stop the others, and the compiler, since a lease waits for its locks. Not
  /// before: starting is work for a second that nobody waits for, and nothing else on the machine
  /// would be done meanwhile.
  private static void goFirst() {
    try {
      ProcessThreads.roundRobin(PRIORITY, _ -> true)
          .ifPresent(
              errno ->
                  LOG.warn(
                      "The leases have no real-time priority ({}): they may end under load",
                      errno));
    } catch (IOException e) {
      LOG.warn("The leases have no real-time priority ({}): they may end under load", e.toString());
    }
  }

  /// Everything that must be quick is done before it counts.
  private static void practise() {
    try {
      WarmUp.run();
    } catch (IOException e) {
      LOG.warn("Not practised on the kernel: {}", e.getMessage());
    }
    Practice.run();
  }
}
