package io.trivet.scheduler.constraints;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.actions.Orderings;
import io.trivet.scheduler.actions.Tasks;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.constraints.Orders.Kind;
import io.trivet.scheduler.constraints.Orders.Symmetry;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Orders with resource sets: within each set, and each set after the one before it ("Pacemaker
/// Explained", Ordering Sets of Resources).
final class OrderSets {
  private OrderSets() {}

  /// One `resource_set` with its resources.
  private record ResourceSet(Element xml, List<Resource> resources) {
    String action() {
      return xml.get("action", Tasks.START);
    }

    /// Only where the configuration says so in words.
    boolean sequential() {
      String sequential = xml.get("sequential");
      return sequential != null && Orders.isTrue(sequential);
    }

    boolean requireAll() {
      String all = xml.get("require-all");
      return all == null || Orders.isTrue(all);
    }
  }

  static void unpack(Cluster cluster, Element order, List<Element> sets, References references) {
    Kind kind = Orders.kind(order);
    Symmetry symmetry = Orders.symmetry(order, kind, null);
    ResourceSet last = null;
    for (Element xml : sets) {
      ResourceSet set = read(cluster, order, xml, references);
      if (set == null) {
        return;
      }
      within(cluster, set, kind, order.get("symmetrical"));
      if (last != null) {
        between(cluster, last, set, kind, symmetry);
        if (symmetry == Symmetry.SYMMETRIC) {
          between(cluster, set, last, kind, Symmetry.SYMMETRIC_INVERSE);
        }
      }
      last = set;
    }
  }

  private static @Nullable ResourceSet read(
      Cluster cluster, Element order, Element set, References references) {
    List<Resource> resources = new ArrayList<>();
    for (Element ref : set.children("resource_ref")) {
      Resource resource = Orders.resource(cluster, order, ref.id(), references);
      if (resource == null) {
        return null;
      }
      resources.add(resource);
    }
    return new ResourceSet(set, resources);
  }

  private static void within(
      Cluster cluster, ResourceSet set, Kind parentKind, @Nullable String parentSymmetrical) {
    List<Resource> resources = set.resources;
    if (resources.size() == 1) {
      return;
    }
    Kind kind = set.xml.get("kind") == null ? parentKind : Orders.kind(set.xml);
    Symmetry symmetry = Orders.symmetry(set.xml, parentKind, parentSymmetrical);
    String action = set.action();
    EnumSet<OrderFlag> flags = Orders.flags(kind, action, symmetry);
    boolean sequential = Orders.isTrue(set.xml.get("sequential", "true"));
    for (int i = 0; i < resources.size(); i++) {
      Resource resource = resources.get(i);
      if (kind == Kind.SERIALIZE) {
        for (Resource later : resources.subList(i + 1, resources.size())) {
          Orderings.add(cluster, resource, action, later, action, flags);
        }
      } else if (sequential && i > 0) {
        Orderings.add(cluster, resources.get(i - 1), action, resource, action, flags);
      }
    }
    String inverse = Orders.inverse(action);
    if (symmetry == Symmetry.ASYMMETRIC || !sequential || inverse == null) {
      return;
    }
    EnumSet<OrderFlag> down = Orders.flags(kind, inverse, Symmetry.SYMMETRIC_INVERSE);
    for (int i = 1; i < resources.size(); i++) {
      Orderings.add(cluster, resources.get(i), inverse, resources.get(i - 1), inverse, down);
    }
  }

  /// @param symmetry SYMMETRIC_INVERSE where `first` is the later of the two as configured
  private static void between(
      Cluster cluster, ResourceSet first, ResourceSet then, Kind kind, Symmetry symmetry) {
    boolean reverse = symmetry == Symmetry.SYMMETRIC_INVERSE;
    String firstAction = reverse ? Orders.inverse(first.action()) : first.action();
    String thenAction = reverse ? Orders.inverse(then.action()) : then.action();
    if (firstAction == null || thenAction == null) {
      return;
    }
    EnumSet<OrderFlag> flags = Orders.flags(kind, firstAction, symmetry);
    // On the way down, all of them have to be down, whatever was enough on the way up.
    boolean down = firstAction.equals(Tasks.STOP) || firstAction.equals(Tasks.DEMOTE);
    if (!first.requireAll() && !down) {
      Action enough = Actions.pseudo(cluster, "one-or-more:" + first.xml.id());
      enough.set(Action.Flag.MIN_RUNNABLE, true);
      for (Resource resource : first.resources) {
        Orderings.add(cluster, resource, firstAction, enough, Orders.ONE_OF_MANY);
      }
      for (Resource resource : then.resources) {
        Orderings.add(cluster, enough, resource, thenAction, Orders.blocking(flags));
      }
      return;
    }
    for (Resource a : nearest(first, !reverse)) {
      for (Resource b : nearest(then, reverse)) {
        Orderings.add(cluster, a, firstAction, b, thenAction, flags);
      }
    }
  }

  /// Of a sequential set, the resource that is next to the other set.
  private static List<Resource> nearest(ResourceSet set, boolean last) {
    if (!set.sequential() || set.resources.isEmpty()) {
      return set.resources;
    }
    return List.of(last ? set.resources.getLast() : set.resources.getFirst());
  }
}
