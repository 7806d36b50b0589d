package io.trivet.scheduler.constraints;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.rules.RuleContext;
import io.trivet.scheduler.rules.Rules;

/// Unpacks the section `constraints`, and the constraints that follow from the health of nodes.
public final class Constraints {
  private Constraints() {}

  /// Fills [Cluster#locations], [Cluster#colocations], [Cluster#orderings] and what hangs on them.
  public static void unpack(Cluster cluster) {
    Health.apply(cluster);
    Element section = cluster.configuration("constraints");
    if (section == null) {
      return;
    }
    References references = new References(cluster);
    Locations locations = new Locations(cluster, references);
    Colocations colocations = new Colocations(cluster, references);
    Tickets tickets = new Tickets(cluster, references);
    for (Element constraint : section.children()) {
      if (constraint.get("id") == null || !alive(cluster, constraint)) {
        continue;
      }
      switch (constraint.name()) {
        case "rsc_location" -> locations.unpack(constraint);
        case "rsc_colocation" -> colocations.unpack(constraint);
        case "rsc_order" -> Orders.unpack(cluster, constraint, references);
        case "rsc_ticket" -> tickets.unpack(constraint);
        default -> cluster.warnings.add("No constraint is named " + constraint.name());
      }
    }
  }

  /// A `lifetime` of old releases holds the rules under which a constraint counts.
  private static boolean alive(Cluster cluster, Element constraint) {
    Element lifetime = constraint.child("lifetime");
    return lifetime == null
        || Rules.anyPasses(lifetime, RuleContext.at(cluster.now).within(cluster.cib));
  }
}
