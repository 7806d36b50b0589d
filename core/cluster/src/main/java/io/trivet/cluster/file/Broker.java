package io.trivet.cluster.file;

/// The AMQP broker on every controller. Clients know all controllers and connect to them directly,
/// not through a VIP.
///
/// @param engine which one
/// @param port where it listens on each controller's address
public record Broker(Engine engine, int port) {

  /// The engines that this version knows.
  public enum Engine {
    RABBITMQ("rabbitmq", 5672);

    private final String word;
    private final int port;

    Engine(String word, int port) {
      this.word = word;
      this.port = port;
    }

    /// The word in the cluster file.
    public String word() {
      return word;
    }

    /// The port unless the cluster file names another.
    public int defaultPort() {
      return port;
    }
  }
}
