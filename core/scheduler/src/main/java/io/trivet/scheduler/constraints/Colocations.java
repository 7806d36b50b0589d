package io.trivet.scheduler.constraints;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.rules.Booleans;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Colocation constraints ("Pacemaker Explained", Placing Resources Relative to other Resources,
/// and Resource Sets).
public final class Colocations {
  /// Best dependents first: by priority, then bundles before clones before groups, promotable
  /// clones before others, then by id.
  public static final Comparator<Colocation> BY_DEPENDENT =
      (a, b) -> compare(a.dependent(), b.dependent());

  /// The same for primaries.
  public static final Comparator<Colocation> BY_PRIMARY =
      (a, b) -> compare(a.primary(), b.primary());

  private final Cluster cluster;
  private final References references;

  Colocations(Cluster cluster, References references) {
    this.cluster = cluster;
    this.references = references;
  }

  private static int compare(Resource a, Resource b) {
    if (a.priority != b.priority) {
      return a.priority > b.priority ? -1 : 1;
    }
    int byKind = Integer.compare(kind(b), kind(a));
    return byKind != 0 ? byKind : a.id.compareTo(b.id);
  }

  private static int kind(Resource resource) {
    return switch (resource) {
      case Resource.Primitive _ -> 0;
      case Resource.Group _ -> 1;
      case Resource.Clone c -> c.promotable ? 3 : 2;
      case Resource.Bundle _ -> 4;
    };
  }

  /// Puts the colocation in where its order says; before those that are equal.
  public static void insert(
      List<Colocation> list, Colocation colocation, Comparator<Colocation> by) {
    int low = 0;
    int high = list.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (by.compare(colocation, list.get(middle)) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    list.add(low, colocation);
  }

  /// Registers a colocation with the cluster and both resources. A score of 0 says nothing.
  public static void add(Cluster cluster, Colocation colocation) {
    if (colocation.score() == 0) {
      return;
    }
    insert(colocation.dependent().thisWith, colocation, BY_PRIMARY);
    insert(colocation.primary().withThis, colocation, BY_DEPENDENT);
    cluster.colocations.add(colocation);
    if (colocation.score() <= -Scores.INFINITY) {
      AntiColocationOrders.add(cluster, colocation);
    }
  }

  /// Adds what a `rsc_colocation` says to the cluster.
  void unpack(Element configured) {
    Element constraint = references.expandSets(configured);
    if (constraint == configured) {
      constraint = pairToSets(configured);
    }
    if (constraint == null) {
      return;
    }
    List<Element> sets = references.sets(constraint);
    if (sets == null) {
      return;
    }
    int score = Scores.parse(constraint.get("score"), 0);
    if (sets.isEmpty()) {
      pair(constraint, score);
      return;
    }
    Element last = null;
    for (Element set : sets) {
      within(constraint, set, score);
      if (last != null) {
        between(constraint, last, set, score);
      }
      last = set;
    }
  }

  private @Nullable Element pairToSets(Element constraint) {
    String dependent = constraint.get("rsc");
    String primary = constraint.get("with-rsc");
    if (dependent == null || primary == null) {
      return constraint;
    }
    boolean dependentIs = references.resource(dependent) != null;
    boolean primaryIs = references.resource(primary) != null;
    if (dependentIs && primaryIs) {
      return constraint;
    }
    if (!references.known(dependent) || !references.known(primary)) {
      ignored(constraint, "there is no " + (references.known(dependent) ? primary : dependent));
      return null;
    }
    if (!dependentIs && !primaryIs) {
      ignored(constraint, "two templates or tags cannot be colocated");
      return null;
    }
    Element copy = References.shallowCopy(constraint);
    moveRole(copy, references.toSet(copy, "rsc", true), "rsc-role");
    moveRole(copy, references.toSet(copy, "with-rsc", true), "with-rsc-role");
    return copy;
  }

  private static void moveRole(Element constraint, @Nullable Element set, String attribute) {
    if (set != null && constraint.get(attribute) != null) {
      set.set("role", constraint.get(attribute));
      constraint.set(attribute, null);
    }
  }

  private void pair(Element constraint, int score) {
    Resource dependent = references.resource(constraint.get("rsc"));
    Resource primary = references.resource(constraint.get("with-rsc"));
    if (dependent == null || primary == null) {
      ignored(
          constraint,
          "there is no " + constraint.get(dependent == null ? "rsc" : "with-rsc", "resource"));
      return;
    }
    add(
        cluster,
        new Colocation(
            constraint.id(),
            constraint.get("node-attribute"),
            dependent,
            primary,
            role(constraint.get("rsc-role")),
            role(constraint.get("with-rsc-role")),
            score,
            influence(constraint, dependent),
            true,
            constraint.line()));
  }

  private void within(Element constraint, Element set, int scoreOfAll) {
    int score = Scores.parse(set.get("score"), scoreOfAll);
    if (score == 0 || !sequential(set)) {
      return;
    }
    boolean withPrevious = "group".equalsIgnoreCase(set.get("ordering", "group"));
    List<Element> refs = set.children("resource_ref");
    Resource other = null;
    for (int i = 0; i < refs.size(); i++) {
      Resource resource = references.resource(refs.get(i).id());
      if (resource == null) {
        ignored(set, "there is no resource " + refs.get(i).id());
        return;
      }
      if (score < 0) {
        avoidAllBefore(constraint, set, refs.subList(0, i), resource, score);
      } else if (other != null) {
        Resource dependent = withPrevious ? resource : other;
        Resource primary = withPrevious ? other : resource;
        addOfSets(constraint, set.id(), dependent, primary, set, set, score, resource);
      }
      other = resource;
    }
  }

  private void avoidAllBefore(
      Element constraint, Element set, List<Element> before, Resource resource, int score) {
    for (Element ref : before) {
      Resource other = references.resource(ref.id());
      if (other == null || ref.id().equals(resource.id)) {
        return;
      }
      addOfSets(constraint, set.id(), resource, other, set, set, score, resource);
    }
  }

  private void between(Element constraint, Element first, Element second, int score) {
    List<Element> dependents = first.children("resource_ref");
    List<Element> primaries = second.children("resource_ref");
    if (score == 0 || dependents.isEmpty() || primaries.isEmpty()) {
      return;
    }
    boolean firstInSequence = sequential(first);
    boolean secondInSequence = sequential(second);
    List<Element> from = firstInSequence ? dependents.subList(0, 1) : dependents;
    List<Element> to =
        secondInSequence ? primaries.subList(primaries.size() - 1, primaries.size()) : primaries;
    if (firstInSequence && references.resource(from.getFirst().id()) == null
        || secondInSequence && references.resource(to.getFirst().id()) == null) {
      ignored(constraint, "a set names a resource that does not exist");
      return;
    }
    for (Element dependentRef : from) {
      Resource dependent = references.resource(dependentRef.id());
      if (dependent == null) {
        continue;
      }
      for (Element primaryRef : to) {
        Resource primary = references.resource(primaryRef.id());
        if (primary != null) {
          addOfSets(
              constraint, constraint.id(), dependent, primary, first, second, score, dependent);
        }
      }
    }
  }

  private void addOfSets(
      Element constraint,
      String id,
      Resource dependent,
      Resource primary,
      Element dependentSet,
      Element primarySet,
      int score,
      Resource critical) {
    add(
        cluster,
        new Colocation(
            id,
            null,
            dependent,
            primary,
            role(dependentSet.get("role")),
            role(primarySet.get("role")),
            score,
            influence(constraint, critical),
            true,
            constraint.line()));
  }

  private static boolean sequential(Element set) {
    return Booleans.parse(set.get("sequential"), true);
  }

  private static boolean influence(Element constraint, Resource resource) {
    return Booleans.parse(constraint.get("influence"), resource.is(Resource.Flag.CRITICAL));
  }

  /// A colocation for the role Started is one for every role.
  private static @Nullable Role role(@Nullable String text) {
    Role role = Role.parse(text);
    return role == Role.STARTED ? null : role;
  }

  private void ignored(Element constraint, String why) {
    cluster.warnings.add("Constraint " + constraint.id() + " is ignored: " + why);
  }
}
