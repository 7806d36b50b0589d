package io.trivet.services.rabbitmq;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the cluster file says about the broker.
///
/// @param cluster name of the cluster
/// @param members controllers with a node, in the order of the cluster file
/// @param port where each of them listens for AMQP
public record RabbitSettings(String cluster, List<Member> members, int port) {
  /// Where nodes talk to each other (RabbitMQ's default: AMQP's port plus 20000).
  public static final int DISTRIBUTION_PORT = 25_672;

  /// Ports of connections between nodes and from clients.
  public static List<Integer> ports(int amqp) {
    return List.of(amqp, DISTRIBUTION_PORT);
  }

  /// A controller with a node. Its name has to resolve on every controller, because Erlang nodes
  /// find each other by name.
  public record Member(String name, String address) {}

  public RabbitSettings {
    members = List.copyOf(members);
  }

  /// The member of that name, or null.
  public @Nullable Member member(String name) {
    return members.stream().filter(m -> m.name().equals(name)).findFirst().orElse(null);
  }

  List<Member> others(String name) {
    return members.stream().filter(m -> !m.name().equals(name)).toList();
  }

  /// Name of the Erlang node on a controller.
  static String erlangNode(String controller) {
    return "rabbit@" + controller;
  }
}
