package io.trivet.scheduler.constraints;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.actions.Orderings;
import io.trivet.scheduler.actions.Tasks;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.rules.Booleans;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Unpacks `rsc_order` ("Pacemaker Explained", Ordering Constraints): two resources, or sets of
/// them, one after the other; with the reverse for stopping unless it is asymmetrical.
final class Orders {
  /// `kind`.
  enum Kind {
    MANDATORY,
    OPTIONAL,
    SERIALIZE
  }

  /// Which direction is being made, and if there is another.
  enum Symmetry {
    ASYMMETRIC,
    SYMMETRIC,
    SYMMETRIC_INVERSE
  }

  private Orders() {}

  /// Unpacks one. What cannot be used is told in [Cluster#warnings] and left out.
  static void unpack(Cluster cluster, Element configured, References references) {
    Element order = references.expandSets(configured);
    if (order == configured) {
      order = pairToSets(cluster, configured, references);
    }
    List<Element> sets = order == null ? null : references.sets(order);
    if (order == null || sets == null) {
      return;
    }
    if (sets.isEmpty()) {
      pair(cluster, order, references);
    } else {
      OrderSets.unpack(cluster, order, sets, references);
    }
  }

  /// Templates and tags stand for sets that are not ordered in themselves.
  private static @Nullable Element pairToSets(
      Cluster cluster, Element order, References references) {
    String first = order.get("first");
    String then = order.get("then");
    if (first == null || then == null) {
      return order;
    }
    for (String id : List.of(first, then)) {
      if (!references.known(id)) {
        warn(cluster, order, "names " + id + ", which is no resource, template or tag");
        return null;
      }
    }
    if (references.resource(first) != null && references.resource(then) != null) {
      return order;
    }
    Element copy = References.shallowCopy(order);
    moveAction(copy, references.toSet(copy, "first", true), "first-action");
    moveAction(copy, references.toSet(copy, "then", true), "then-action");
    return copy;
  }

  private static void moveAction(Element order, @Nullable Element set, String attribute) {
    String action = order.get(attribute);
    if (set != null && action != null) {
      set.set("action", action);
      order.set(attribute, null);
    }
  }

  private static void pair(Cluster cluster, Element order, References references) {
    Resource first = resource(cluster, order, order.get("first"), references);
    Resource then = resource(cluster, order, order.get("then"), references);
    if (first == null || then == null) {
      return;
    }
    String firstAction = order.get("first-action", Tasks.START);
    String thenAction = order.get("then-action", firstAction);
    Kind kind = kind(order);
    Symmetry symmetry = symmetry(order, kind, null);
    EnumSet<OrderFlag> flags = flags(kind, firstAction, symmetry);
    int minimum = minimum(first, order);
    if (minimum > 0) {
      String name = "clone-one-or-more:" + order.id();
      afterMinimum(cluster, name, minimum, first, firstAction, then, thenAction, flags);
    } else {
      Orderings.add(cluster, first, firstAction, then, thenAction, flags);
    }
    if (symmetry == Symmetry.SYMMETRIC) {
      reverse(cluster, order, kind, first, firstAction, then, thenAction);
    }
  }

  private static void reverse(
      Cluster cluster,
      Element order,
      Kind kind,
      Resource first,
      String firstAction,
      Resource then,
      String thenAction) {
    String firstInverse = inverse(firstAction);
    String thenInverse = inverse(thenAction);
    if (firstInverse == null || thenInverse == null) {
      warn(cluster, order, "has no inverse; say the inverse yourself");
      return;
    }
    EnumSet<OrderFlag> flags = flags(kind, firstInverse, Symmetry.SYMMETRIC_INVERSE);
    Orderings.add(cluster, then, thenInverse, first, firstInverse, flags);
  }

  /// How many instances of the clone are enough for what comes after it; 0 for the usual rule.
  private static int minimum(Resource first, Element order) {
    if (!(first instanceof Resource.Clone)) {
      return 0;
    }
    String cloneMin = first.meta("clone-min");
    if (cloneMin != null) {
      return Scores.parse(cloneMin, 0);
    }
    String all = order.get("require-all");
    return all != null && !isTrue(all) ? 1 : 0;
  }

  private static void afterMinimum(
      Cluster cluster,
      String name,
      int minimum,
      Resource first,
      String firstAction,
      Resource then,
      String thenAction,
      EnumSet<OrderFlag> flags) {
    Action enough = Actions.pseudo(cluster, name);
    enough.requiredRunnableBefore = minimum;
    enough.set(Action.Flag.MIN_RUNNABLE, true);
    for (Resource instance : first.children()) {
      Orderings.add(cluster, instance, firstAction, enough, ONE_OF_MANY);
    }
    Orderings.add(cluster, enough, then, thenAction, blocking(flags));
  }

  /// How each of the firsts is ordered before the pseudo-action that some of them are enough for.
  static final EnumSet<OrderFlag> ONE_OF_MANY =
      EnumSet.of(OrderFlag.MIN_RUNNABLE, OrderFlag.FIRST_IMPLIES_THEN_GRAPHED);

  static EnumSet<OrderFlag> blocking(EnumSet<OrderFlag> flags) {
    EnumSet<OrderFlag> blocking = EnumSet.copyOf(flags);
    blocking.add(OrderFlag.UNRUNNABLE_FIRST_BLOCKS);
    return blocking;
  }

  static Kind kind(Element element) {
    String kind = element.get("kind");
    if (kind == null) {
      // Before there was a kind, a score of 0 meant Optional.
      String score = element.get("score");
      return score != null && Scores.parse(score, 0) == 0 ? Kind.OPTIONAL : Kind.MANDATORY;
    }
    return switch (kind.toLowerCase(Locale.ROOT)) {
      case "optional" -> Kind.OPTIONAL;
      case "serialize" -> Kind.SERIALIZE;
      default -> Kind.MANDATORY;
    };
  }

  /// @param inherited what the constraint says for a set that says nothing, or null
  static Symmetry symmetry(Element element, Kind parentKind, @Nullable String inherited) {
    boolean own = element.get("kind") != null || element.get("score") != null;
    Kind kind = own ? kind(element) : parentKind;
    String symmetrical = element.get("symmetrical");
    if (symmetrical == null) {
      symmetrical = inherited;
    }
    boolean wanted = symmetrical == null || isTrue(symmetrical);
    return wanted && kind != Kind.SERIALIZE ? Symmetry.SYMMETRIC : Symmetry.ASYMMETRIC;
  }

  static EnumSet<OrderFlag> flags(Kind kind, @Nullable String firstAction, Symmetry symmetry) {
    return switch (kind) {
      case OPTIONAL -> EnumSet.of(OrderFlag.ORDERED);
      case SERIALIZE -> EnumSet.of(OrderFlag.SERIALIZE);
      case MANDATORY ->
          switch (symmetry) {
            case ASYMMETRIC -> EnumSet.of(OrderFlag.ORDERED, OrderFlag.ASYMMETRIC);
            case SYMMETRIC_INVERSE -> EnumSet.of(OrderFlag.ORDERED, OrderFlag.THEN_IMPLIES_FIRST);
            case SYMMETRIC ->
                Tasks.START.equals(firstAction) || Tasks.PROMOTE.equals(firstAction)
                    ? EnumSet.of(
                        OrderFlag.ORDERED,
                        OrderFlag.FIRST_IMPLIES_THEN,
                        OrderFlag.UNRUNNABLE_FIRST_BLOCKS)
                    : EnumSet.of(OrderFlag.ORDERED, OrderFlag.FIRST_IMPLIES_THEN);
          };
    };
  }

  /// What undoes the task, or null.
  static @Nullable String inverse(String task) {
    return switch (task) {
      case Tasks.START -> Tasks.STOP;
      case Tasks.STOP -> Tasks.START;
      case Tasks.PROMOTE -> Tasks.DEMOTE;
      case Tasks.DEMOTE -> Tasks.PROMOTE;
      case Tasks.PROMOTED -> Tasks.DEMOTED;
      case Tasks.DEMOTED -> Tasks.PROMOTED;
      case Tasks.RUNNING -> Tasks.STOPPED;
      case Tasks.STOPPED -> Tasks.RUNNING;
      default -> null;
    };
  }

  static boolean isTrue(String value) {
    return Booleans.parse(value, false);
  }

  /// The resource that a constraint means with that id: for what is cloned, its clone.
  static @Nullable Resource resource(
      Cluster cluster, Element order, @Nullable String id, References references) {
    Resource found = references.resource(id);
    if (found == null) {
      warn(cluster, order, "names " + id + ", which is no resource");
    }
    return found;
  }

  static void warn(Cluster cluster, Element constraint, String what) {
    cluster.warnings.add(
        "rsc_order " + constraint.id() + " (line " + constraint.line() + ") " + what);
  }
}
