package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Names;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Finds the instances of two collective resources that belong together, since they are on one
/// node.
final class Interleaving {
  private Interleaving() {}

  /// The instance of `whole` that is, or shall be, where `resource` is or shall be; or null.
  static @Nullable Resource beside(Resource resource, Resource whole, boolean current) {
    Node node = Family.location(resource, current);
    if (node != null) {
      return on(node, whole, current);
    }
    Candidate best = null;
    Resource found = null;
    for (Resource instance : Family.instances(whole)) {
      Candidate there = resource.allowed.get(Family.location(instance, current));
      if (there != null && (best == null || before(there, best)) && !anyBlocked(instance)) {
        best = there;
        found = instance;
      }
    }
    return found;
  }

  /// Which node is asked for an instance first.
  private static boolean before(Candidate a, Candidate b) {
    int compared = BEST_FIRST.compare(a, b);
    return compared < 0 || (compared == 0 && a.node.index < b.node.index);
  }

  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingInt((Candidate c) -> -c.score)
          .thenComparing(c -> c.node.name, Names::compare);

  private static @Nullable Resource on(Node node, Resource whole, boolean current) {
    for (Resource instance : Family.instances(whole)) {
      if (Family.location(instance, current) == node && !anyBlocked(instance)) {
        return instance;
      }
    }
    return null;
  }

  private static boolean anyBlocked(Resource resource) {
    if (resource.is(Resource.Flag.BLOCKED)) {
      return true;
    }
    for (Resource child : resource.children()) {
      if (anyBlocked(child)) {
        return true;
      }
    }
    return false;
  }

  /// The action of an instance that counts for an action of the whole. In a bundle, what others
  /// wait for is done by what runs in the container, but for its stop; what waits is the container,
  /// but for promotions and demotions.
  static @Nullable Action action(
      Action whole, Resource instance, String task, @Nullable Node node, boolean first) {
    boolean within =
        switch (whole.task) {
          case Tasks.STOP, Tasks.STOPPED -> false;
          case Tasks.PROMOTE, Tasks.PROMOTED, Tasks.DEMOTE, Tasks.DEMOTED -> true;
          default -> first;
        };
    Resource inside = within ? Family.inContainer(instance) : null;
    return inside != null
        ? ActionFlags.newest(inside, task, null)
        : ActionFlags.newest(instance, task, node);
  }
}
