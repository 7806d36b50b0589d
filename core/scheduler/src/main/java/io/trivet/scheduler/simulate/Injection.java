package io.trivet.scheduler.simulate;

import java.util.Locale;

/// Something that is taken for true for once: "what if".
public sealed interface Injection {
  /// The node is in the cluster and works.
  record NodeUp(String node) implements Injection {}

  /// The node has left the cluster, cleanly.
  record NodeDown(String node) implements Injection {}

  /// The node is gone without having said so.
  record NodeFailed(String node) implements Injection {}

  /// The node is in standby, or is no longer.
  record Standby(String node, boolean on) implements Injection {}

  /// The resource is found failed where it runs.
  record ResourceFailed(String resource) implements Injection {}

  /// The operation had that result on the node.
  record OperationResult(Failing operation) implements Injection {}

  /// What becomes of a ticket.
  enum TicketChange {
    GRANT,
    REVOKE,
    STANDBY,
    ACTIVATE
  }

  record Ticket(String ticket, TicketChange change) implements Injection {}

  /// The partition has quorum, or has not.
  record Quorum(boolean present) implements Injection {}

  /// A sentence that tells it.
  default String text() {
    return switch (this) {
      case NodeUp n -> "Bringing node " + n.node + " online";
      case NodeDown n -> "Taking node " + n.node + " offline";
      case NodeFailed n -> "Failing node " + n.node;
      case Standby s ->
          (s.on ? "Putting node " + s.node + " in" : "Taking node " + s.node + " out of")
              + " standby";
      case ResourceFailed r -> "Failing resource " + r.resource;
      case OperationResult o ->
          String.format(
              Locale.ROOT,
              "Injecting %s_%s_%d@%s=%d into the configuration",
              o.operation.resource(),
              o.operation.task(),
              o.operation.intervalMillis(),
              o.operation.node(),
              o.operation.result());
      case Ticket t ->
          switch (t.change) {
            case GRANT -> "Granting ticket " + t.ticket;
            case REVOKE -> "Revoking ticket " + t.ticket;
            case STANDBY -> "Making ticket " + t.ticket + " standby";
            case ACTIVATE -> "Activating ticket " + t.ticket;
          };
      case Quorum q -> "Setting quorum: " + q.present;
    };
  }
}
