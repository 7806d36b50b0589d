package io.trivet.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The `trivet` command.
///
/// Exit codes: 0 done; 1 it failed, or the file is wrong; 2 wrong usage, or the file cannot be
/// read; 3 not possible now (the daemon does not run, there is no quorum); 4 not allowed.
public final class Main {
  private static final String SOCKET = "/run/trivet/control.sock";

  private Main() {}

  /// Runs one command and exits.
  static void main(String[] args) {
    // Scripts and packagers ask for the version all the time; it needs nothing of what follows.
    if (args.length == 1 && args[0].equals("--version")) {
      System.out.println(Version.line());
      return;
    }
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    String socket = System.getenv().getOrDefault("TRIVET_SOCKET", SOCKET);
    boolean terminal = isTerminal();
    boolean colour =
        terminal && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
    Surroundings surroundings =
        new Surroundings(
            out, err, Path.of(socket), terminal, colour, System::currentTimeMillis, Main::pause);
    int exit = Trivet.commandLine(surroundings, args).execute(args);
    out.flush();
    err.flush();
    System.exit(exit);
  }

  /// True when a person is at both ends. JDK 25 gives no console where one of them is no terminal.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
