package io.trivet.daemon.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A dbus-daemon of a test's own.
final class PrivateBus {
  static final Path PROGRAM = Path.of("/usr/bin/dbus-daemon");

  private final Path folder;
  private final Path socket;
  private Process daemon;

  PrivateBus(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.socket = folder.resolve("bus");
    Files.writeString(
        folder.resolve("bus.conf"),
        """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
          "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>session</type>
          <listen>unix:path=%s</listen>
          <auth>EXTERNAL</auth>
          <policy context="default">
            <allow send_destination="*" eavesdrop="true"/>
            <allow eavesdrop="true"/>
            <allow own="*"/>
          </policy>
        </busconfig>
        """
            .formatted(socket));
    this.daemon = run();
  }

  String address() {
    return "unix:path=" + socket;
  }

  void stop() throws IOException, InterruptedException {
    daemon.destroyForcibly();
    if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
      throw new IOException("dbus-daemon does not end");
    }
    Files.deleteIfExists(socket);
  }

  void start() throws IOException, InterruptedException {
    daemon = run();
  }

  /// It tells its address once it listens.
  private Process run() throws IOException {
    Process process =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--nofork",
                "--nopidfile",
                "--print-address",
                "--config-file=" + folder.resolve("bus.conf"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.inputReader().readLine() == null) {
      throw new IOException("dbus-daemon did not start");
    }
    return process;
  }
}
