package io.trivet.scheduler.model;

import org.jspecify.annotations.Nullable;

/// What a resource may do depends on a ticket.
///
/// @param role the role that needs the ticket, or null for any
public record TicketConstraint(
    String id, Resource resource, Ticket ticket, @Nullable Role role, LossPolicy loss, int line) {
  /// `loss-policy`: what happens to the resource when the ticket is lost.
  public enum LossPolicy {
    STOP,
    DEMOTE,
    FENCE,
    FREEZE
  }
}
