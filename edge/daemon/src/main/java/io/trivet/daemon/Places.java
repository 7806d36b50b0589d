package io.trivet.daemon;

import java.nio.file.Path;

/// Where the daemon finds and keeps its files.
///
/// @param config what the operator writes: `cluster.yaml`, `tls/`, optionally `node`
/// @param state what must survive a reboot
/// @param run what must not
public record Places(Path config, Path state, Path run) {
  public static final Places STANDARD =
      new Places(Path.of("/etc/trivet"), Path.of("/var/lib/trivet"), Path.of("/run/trivet"));

  /// The cluster file as the operator gave it; the first leader puts it into the log.
  public Path seed() {
    return config.resolve("cluster.yaml");
  }

  /// The cluster file that was in force last; it wins over the seed.
  public Path lastInForce() {
    return state.resolve("cluster.yaml");
  }

  /// Name of this controller, where the host name is not it.
  public Path node() {
    return config.resolve("node");
  }

  public Path tls() {
    return config.resolve("tls");
  }

  public Path log() {
    return state.resolve("log");
  }

  public Path control() {
    return run.resolve("control.sock");
  }

  public Path namespaces() {
    return run.resolve("namespaces");
  }

  /// How often a daemon was started since one had settled.
  public Path starts() {
    return state.resolve("starts");
  }

  /// Where the daemon and the lease process of this controller talk.
  public Path leases() {
    return run.resolve("leases.sock");
  }

  /// What the lease process was told to be: with it, it begins before the daemon does.
  public Path leaseRole() {
    return state.resolve("leases.role");
  }
}
