package io.trivet.cluster.file;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The SQL database, replicated on every controller, with one writer behind the load balancer.
///
/// @param engine which one
/// @param port where it listens on each controller's address, and the load balancer on the VIP
/// @param vip the name of the VIP by which the APIs reach its writer
/// @param options settings of the server, written to its configuration beside Trivet's own
public record Database(Engine engine, int port, String vip, SortedMap<String, String> options) {

  /// The engines that this version knows.
  public enum Engine {
    /// MariaDB with Galera.
    MARIADB("mariadb", 3306);

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

  public Database {
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }
}
