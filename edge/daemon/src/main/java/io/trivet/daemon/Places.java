package io.trivet.daemon;

import java.nio.file.Path;

/// Where the daemon finds and keeps its files.
///
/// @param config what the operator writes: `cluster.yaml`, `tls/`, optionally `node`
/// @param state what must survive a reboot
/// @param run what must not
record Places(Path config, Path state, Path run) {
  static final Places STANDARD =
      new Places(Path.of("/etc/trivet"), Path.of("/var/lib/trivet"), Path.of("/run/trivet"));

  /// The cluster file as the operator gave it; the first leader puts it into the log.
  Path seed() {
    return config.resolve("cluster.yaml");
  }

  /// The cluster file that was in force last; it wins over the seed.
  Path lastInForce() {
    return state.resolve("cluster.yaml");
  }

  /// Name of this controller, where the host name is not it.
  Path node() {
    return config.resolve("node");
  }

  Path tls() {
    return config.resolve("tls");
  }

  Path log() {
    return state.resolve("log");
  }

  Path control() {
    return run.resolve("control.sock");
  }

  Path namespaces() {
    return run.resolve("namespaces");
  }
}
