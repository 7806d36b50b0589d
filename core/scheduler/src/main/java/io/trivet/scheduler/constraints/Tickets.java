package io.trivet.scheduler.constraints;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.model.Ticket;
import io.trivet.scheduler.model.TicketConstraint;
import io.trivet.scheduler.model.TicketConstraint.LossPolicy;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Ticket constraints ("Pacemaker Explained", Multi-Site Clusters and Tickets).
final class Tickets {
  private final Cluster cluster;
  private final References references;

  Tickets(Cluster cluster, References references) {
    this.cluster = cluster;
    this.references = references;
  }

  /// Adds what a `rsc_ticket` says to the cluster.
  void unpack(Element configured) {
    String name = configured.get("ticket");
    if (name == null) {
      ignored(configured, "it names no ticket");
      return;
    }
    Ticket ticket = cluster.tickets.computeIfAbsent(name, Ticket::new);
    Element constraint = references.expandSets(configured);
    if (constraint == configured) {
      constraint = resourceToSet(configured);
    }
    List<Element> sets = constraint == null ? null : references.sets(constraint);
    if (constraint == null || sets == null) {
      return;
    }
    for (Element set : sets) {
      for (Element ref : set.children("resource_ref")) {
        Resource resource = references.resource(ref.id());
        if (resource == null) {
          ignored(constraint, "there is no resource " + ref.id());
          return;
        }
        add(set.id(), constraint, resource, ticket, set.get("role"));
      }
    }
    Resource resource = references.resource(constraint.get("rsc"));
    if (sets.isEmpty() && resource != null) {
      add(constraint.id(), constraint, resource, ticket, constraint.get("rsc-role"));
    }
  }

  private @Nullable Element resourceToSet(Element constraint) {
    String id = constraint.get("rsc");
    if (id == null || references.resource(id) != null) {
      return constraint;
    }
    if (references.members(id) == null) {
      ignored(constraint, "there is no resource, template or tag " + id);
      return null;
    }
    Element copy = References.shallowCopy(constraint);
    Element set = references.toSet(copy, "rsc", false);
    if (set != null && constraint.get("rsc-role") != null) {
      set.set("role", constraint.get("rsc-role"));
      copy.set("rsc-role", null);
    }
    return copy;
  }

  private void add(
      String id, Element constraint, Resource resource, Ticket ticket, @Nullable String roleText) {
    Role parsed = Role.parse(roleText);
    Role role = parsed == Role.STARTED ? null : parsed;
    TicketConstraint ticketed =
        new TicketConstraint(
            id,
            resource,
            ticket,
            role,
            policy(constraint.get("loss-policy"), role),
            constraint.line());
    resource.tickets.add(ticketed);
    apply(resource, ticketed);
  }

  private LossPolicy policy(@Nullable String text, @Nullable Role role) {
    LossPolicy usual = role == Role.PROMOTED ? LossPolicy.DEMOTE : LossPolicy.STOP;
    return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
      case "fence" -> cluster.is(Cluster.Flag.FENCING_ENABLED) ? LossPolicy.FENCE : LossPolicy.STOP;
      case "freeze" -> LossPolicy.FREEZE;
      case "demote" -> LossPolicy.DEMOTE;
      case "stop" -> LossPolicy.STOP;
      default -> usual;
    };
  }

  private void apply(Resource resource, TicketConstraint constraint) {
    Ticket ticket = constraint.ticket();
    if (ticket.granted && !ticket.standby) {
      return;
    }
    if (!resource.children().isEmpty()) {
      resource.children().forEach(c -> apply(c, constraint));
      return;
    }
    boolean promoted = constraint.role() == Role.PROMOTED;
    if (!ticket.granted && !resource.runningOn.isEmpty()) {
      lost(resource, constraint, promoted);
    } else if (!promoted || constraint.loss() == LossPolicy.STOP) {
      ban(resource, constraint);
    }
  }

  private void lost(Resource resource, TicketConstraint constraint, boolean promoted) {
    switch (constraint.loss()) {
      case STOP -> ban(resource, constraint);
      case DEMOTE -> {
        // A promoted role is taken away when instances are chosen for it.
        if (!promoted) {
          ban(resource, constraint);
        }
      }
      case FENCE -> {
        if (inRole(resource, constraint)) {
          ban(resource, constraint);
          List.copyOf(resource.runningOn).forEach(this::fence);
        }
      }
      case FREEZE -> {
        if (inRole(resource, constraint)) {
          resource.set(Resource.Flag.MANAGED, false);
          resource.set(Resource.Flag.BLOCKED, true);
        }
      }
    }
  }

  private static boolean inRole(Resource resource, TicketConstraint constraint) {
    return constraint.role() == null || constraint.role() == resource.role;
  }

  private void fence(Node node) {
    if (!node.unclean) {
      node.unclean = true;
      node.fenceReason = "deadman ticket was lost";
      Actions.fence(cluster, node, null, true, node.fenceReason, false);
    }
  }

  private void ban(Resource resource, TicketConstraint constraint) {
    Bans.everywhere(cluster, resource, -Scores.INFINITY);
    if (cluster.reasons != null) {
      cluster.reasons.step(
          resource,
          "it needs the ticket " + constraint.ticket().id,
          constraint.id(),
          constraint.line());
    }
  }

  private void ignored(Element constraint, String why) {
    cluster.warnings.add("Constraint " + constraint.id() + " is ignored: " + why);
  }
}
