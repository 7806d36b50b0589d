package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import org.jspecify.annotations.Nullable;

/// Where a resource is active.
///
/// @param node the node that counts as its current one: the source of a migration that is under
///   way, else for a resource that needs fencing the first one, else the first that is online and
///   clean, else the first
/// @param all on how many nodes it is active
/// @param clean on how many of them that are online and clean
public record ActiveNodes(@Nullable Node node, int all, int clean) {

  /// For a primitive, from where it runs.
  public static ActiveNodes of(Resource resource) {
    Node chosen = null;
    int clean = 0;
    for (Node node : resource.runningOn) {
      boolean usable = usable(node);
      clean += usable ? 1 : 0;
      if (chosen == null || node == resource.partialMigrationSource) {
        chosen = node;
      } else if (resource.partialMigrationSource == null
          && !resource.is(Resource.Flag.NEEDS_FENCING)
          && usable
          && !usable(chosen)) {
        chosen = node;
      }
    }
    return new ActiveNodes(chosen, resource.runningOn.size(), clean);
  }

  private static boolean usable(Node node) {
    return node.online && !node.unclean;
  }
}
