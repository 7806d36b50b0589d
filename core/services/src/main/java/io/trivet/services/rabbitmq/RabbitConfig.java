package io.trivet.services.rabbitmq;

import io.trivet.services.rabbitmq.RabbitSettings.Member;

/// Writes the texts that RabbitMQ and systemd read. Sources: RabbitMQ 3.10 documentation,
/// "Configuration", "Cluster Formation and Peer Discovery", "Clustering and Network Partitions".
public final class RabbitConfig {
  public static final String PATH = "/etc/rabbitmq/rabbitmq.conf";
  public static final String ENVIRONMENT = "/etc/rabbitmq/rabbitmq-env.conf";

  /// What a broker without data starts with.
  public static final String DEFINITIONS = "/etc/rabbitmq/trivet-definitions.json";

  public static final String UNIT = "rabbitmq-server.service";
  public static final String DROP_IN = "/run/systemd/system/rabbitmq-server.service.d/trivet.conf";

  private RabbitConfig() {}

  /// The broker's settings on one node.
  ///
  /// @throws IllegalArgumentException if `node` has none
  public static String text(RabbitSettings settings, String node) {
    Member self = settings.member(node);
    if (self == null) {
      throw new IllegalArgumentException(node + " has no node of the broker");
    }
    String address = self.address();
    String bracketed = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    StringBuilder out = new StringBuilder();
    out.append("# Written by Trivet from the cluster file of ").append(settings.cluster());
    out.append("; changes here are overwritten.\n");
    set(out, "cluster_name", settings.cluster());
    set(out, "listeners.tcp.1", bracketed + ":" + settings.port());
    out.append(
        "\n# Queues are quorum queues unless a client says otherwise; there is no user guest.\n");
    set(out, "load_definitions", DEFINITIONS);
    out.append("\n# A node without data joins the first of these that runs.\n");
    set(out, "cluster_formation.peer_discovery_backend", "classic_config");
    int number = 1;
    for (Member member : settings.members()) {
      String name = "cluster_formation.classic_config.nodes." + number++;
      set(out, name, RabbitSettings.erlangNode(member.name()));
    }
    out.append(
        "\n# Trivet speaks to the port each second; each time would be two lines in the log.\n");
    set(out, "log.connection.level", "error");
    out.append("\n# Nodes that see less than a majority stop serving until they see one again.\n");
    set(out, "cluster_partition_handling", "pause_minority");
    out.append("\n# Trivet ends connections to a controller that is gone; this is for the rest.\n");
    set(out, "net_ticktime", "30");
    return out.toString();
  }

  /// The virtual host that OpenStack uses. A broker that loads definitions makes neither the host
  /// nor the user `guest` by itself; whoever deploys OpenStack adds its user and permissions.
  public static String definitions() {
    return """
    {
      "vhosts": [
        {
          "name": "/",
          "metadata": {"description": "", "tags": [], "default_queue_type": "quorum"}
        }
      ],
      "users": [],
      "permissions": [],
      "parameters": [],
      "policies": [],
      "queues": [],
      "exchanges": [],
      "bindings": []
    }
    """;
  }

  /// The environment of the broker and of its tools.
  public static String environment(String node) {
    return "# Written by Trivet; changes here are overwritten.\nNODENAME="
        + RabbitSettings.erlangNode(node)
        + "\n";
  }

  /// The drop-in for Debian's unit: nothing but a target of Trivet starts it.
  public static String dropIn() {
    return """
    # Written by Trivet; changes here are overwritten.
    [Unit]
    StartLimitIntervalSec=0

    [Service]
    Restart=no
    # A node may wait five minutes for another one's tables, and says so in its log.
    TimeoutStartSec=900
    """;
  }

  private static void set(StringBuilder out, String name, String value) {
    out.append(name).append(" = ").append(value).append('\n');
  }

  /// Folder of the data of all nodes that ever had that machine.
  static final String NODES = "/var/lib/rabbitmq/mnesia";

  /// Folder of the data of a node.
  static String data(String node) {
    return NODES + "/" + RabbitSettings.erlangNode(node);
  }

  /// File in which RabbitMQ notes the members of its cluster.
  static String membersPath(String node) {
    return data(node) + "/cluster_nodes.config";
  }

  /// File in which RabbitMQ notes which members run.
  static String runningPath(String node) {
    return data(node) + "/nodes_running_at_shutdown";
  }
}
