package io.trivet.cluster.file;

/// The cache on every controller. Clients know all controllers, so it needs no VIP.
///
/// @param engine which one
/// @param port where it listens on each controller's address
public record Cache(Engine engine, int port) {

  /// The engines that this version knows.
  public enum Engine {
    MEMCACHED("memcached", 11211);

    private final String word;
    private final int port;

    Engine(String word, int port) {
      this.word = word;
      this.port = port;
    }

    /// The word in the cluster file, which is also the systemd unit.
    public String word() {
      return word;
    }

    /// The port unless the cluster file names another.
    public int defaultPort() {
      return port;
    }
  }
}
