package io.trivet.scheduler.importing;

import io.trivet.scheduler.cib.Element;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Constraints: an order in which a unit comes last is its `after`; that a VIP is where the load
/// balancer works is Trivet's own way. For all others there is a remark.
final class ImportedConstraints {
  private static final List<String> SERVICES =
      List.of("database", "broker", "load-balancer", "cache");

  private final Parts parts;
  private final List<Remark> remarks;

  ImportedConstraints(Parts parts, List<Remark> remarks) {
    this.parts = parts;
    this.remarks = remarks;
  }

  void read(List<Element> constraints) {
    for (Element constraint : constraints) {
      String left =
          switch (constraint.name()) {
            case "rsc_order" -> order(constraint);
            case "rsc_colocation" -> colocation(constraint);
            case "rsc_location" -> location(constraint);
            case "rsc_ticket" -> "tickets are left out; a cluster file is of one site";
            default -> "is not known and is left out";
          };
      if (left != null) {
        remarks.add(Remark.of(constraint, left));
      }
    }
  }

  private @Nullable String part(@Nullable String resource) {
    return resource == null ? null : parts.partOf.get(resource);
  }

  private @Nullable String order(Element order) {
    if (order.child("resource_set") != null) {
      return "an order of sets is left out";
    }
    String first = part(order.get("first"));
    String then = part(order.get("then"));
    if (first == null || then == null) {
      return "is about what was left out";
    }
    if (first.equals(then)) {
      return null;
    }
    Parts.Unit unit = parts.units.get(then);
    if (unit == null) {
      return usual(first, then)
          ? null
          : "Trivet starts " + first + " and " + then + " in an order of its own";
    }
    String firstAction = order.get("first-action", "start");
    String thenAction = order.get("then-action", firstAction);
    if (!thenAction.equals("start")
        || !(firstAction.equals("start") || firstAction.equals("promote"))) {
      return "an order of " + firstAction + " and " + thenAction + " is left out";
    }
    if (!order.get("kind", "Mandatory").toLowerCase(Locale.ROOT).equals("mandatory")) {
      return "an order of kind " + order.get("kind") + " is left out";
    }
    if (isVip(first)) {
      return "a unit is not ordered after a VIP in a cluster file";
    }
    return parts.order(unit, first) ? null : "would be a circle";
  }

  /// Orders that Trivet keeps anyway.
  private boolean usual(String first, String then) {
    boolean api = parts.apis.values().stream().anyMatch(a -> a.known().word().equals(then));
    return (first.equals("load-balancer") && isVip(then)) || (SERVICES.contains(first) && api);
  }

  private boolean isVip(String part) {
    return parts.vips.stream().anyMatch(v -> v.name().equals(part));
  }

  private @Nullable String colocation(Element colocation) {
    String dependent = part(colocation.get("rsc"));
    String primary = part(colocation.get("with-rsc"));
    if (colocation.child("resource_set") == null && dependent != null && primary != null) {
      if (dependent.equals(primary) || (isVip(dependent) && primary.equals("load-balancer"))) {
        return null;
      }
      return "that " + dependent + " is where " + primary + " is, or is not, is left out";
    }
    return colocation.child("resource_set") == null
        ? "is about what was left out"
        : "a colocation of sets is left out";
  }

  private static String location(Element location) {
    boolean byHand = location.id().startsWith("cli-");
    return (byHand ? "a move or ban by hand" : "where it is wanted, or not,")
        + " is left out; a cluster file has no preferences between controllers";
  }
}
