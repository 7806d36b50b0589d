package io.trivet.daemon;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `trivetd`: one for each controller, started by systemd.
///
/// Exit codes: 0 stopped as asked; 1 something that held it up failed, systemd starts it again; 2
/// it cannot start until an operator mends something.
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_OPERATOR = 2;

  private Main() {}

  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals("--version")) {
      System.out.println("trivetd " + Main.class.getPackage().getImplementationVersion());
      return;
    }
    if (args.length == 2 && args[0].equals("--rehearse")) {
      rehearse(Path.of(args[1]));
      return;
    }
    if (args.length > 0) {
      System.err.println(
          "trivetd takes no arguments; its files are in " + Places.STANDARD.config());
      System.exit(EXIT_OPERATOR);
    }
    try {
      Daemon daemon = Daemon.start(Places.STANDARD);
      Runtime.getRuntime().addShutdownHook(new Thread(daemon::stop, "stop"));
      int exit = daemon.awaitEnd();
      // halt, since the shutdown hook would stop in order what has failed.
      Runtime.getRuntime().halt(exit);
    } catch (StartProblem e) {
      LOG.error("trivetd cannot start: {}. What to do: {}", e.getMessage(), e.remedy());
      Runtime.getRuntime().halt(EXIT_OPERATOR);
    } catch (IOException e) {
      LOG.error("trivetd cannot start: {}", e.getMessage(), e);
      Runtime.getRuntime().halt(EXIT_FAILED);
    }
  }

  /// Called while the package is built.
  private static void rehearse(Path folder) {
    try {
      Rehearsal.run(folder);
      System.exit(0);
    } catch (IOException | InterruptedException e) {
      System.err.println("The rehearsal failed: " + e.getMessage());
      System.exit(EXIT_FAILED);
    }
  }
}
