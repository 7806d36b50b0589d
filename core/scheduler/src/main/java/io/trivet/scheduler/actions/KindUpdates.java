package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Action.Flag;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.model.Resource.Clone;
import io.trivet.scheduler.model.Resource.Group;
import io.trivet.scheduler.model.Resource.Primitive;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.rules.Booleans;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one flag of an ordering does where resources are collective: to the pseudo-actions of the
/// whole and to the actions of the parts; interleaved clones are ordered instance by instance
/// ("Pacemaker Explained", Clone Constraints).
final class KindUpdates {
  private final OrderUpdates updates;

  KindUpdates(OrderUpdates updates) {
    this.updates = updates;
  }

  /// @param resource whose kind decides
  /// @param node only parts' actions there, or null
  /// @return what changed, as in [OrderUpdates]
  int update(
      Resource resource,
      Action first,
      Action then,
      @Nullable Node node,
      int flags,
      int filter,
      OrderFlag type) {
    if (type == OrderFlag.ORDERED && unaffected(resource, first, then)) {
      return 0;
    }
    return switch (resource) {
      case Primitive _ -> pair(first, then, flags, filter, type);
      case Group _ -> group(first, then, node, flags, filter, type);
      case Clone _ -> instances(first, then, node, flags, filter, type);
      case Bundle _ -> instances(first, then, node, flags, filter, type);
    };
  }

  /// True for what an ordering that is nothing more changes nothing of: all but interleaved clones,
  /// whose instances are ordered with each other, and what has groups in it.
  private static boolean unaffected(Resource resource, Action first, Action then) {
    return switch (resource) {
      case Primitive _, Group _ -> true;
      case Clone clone ->
          !clone.instances.isEmpty()
              && clone.instances.getFirst() instanceof Primitive
              && !(first.resource != null
                  && then.resource != null
                  && interleave(first.resource, then.resource, then));
      case Bundle _ -> false;
    };
  }

  private int pair(Action first, Action then, int flags, int filter, OrderFlag type) {
    int changed = OrderedPair.update(first, then, flags, filter, type);
    if ((changed & OrderUpdates.THEN) != 0
        && then.resource != null
        && then.resource.parent != null) {
      updates.update(then);
    }
    return changed;
  }

  private int group(
      Action first, Action then, @Nullable Node node, int flags, int filter, OrderFlag type) {
    int changed = pair(first, then, flags, filter, type);
    if (then.resource instanceof Group group) {
      for (Resource member : group.members) {
        Action part = ActionFlags.newest(member, then.task, node);
        if (part != null) {
          changed |= update(member, first, part, node, flags, filter, type);
        }
      }
    }
    return changed;
  }

  private int instances(
      Action first, Action then, @Nullable Node node, int flags, int filter, OrderFlag type) {
    Resource firstResource = first.resource;
    Resource thenResource = then.resource;
    if (firstResource != null
        && thenResource != null
        && interleave(firstResource, thenResource, then)) {
      return interleaved(first, firstResource, then, thenResource, node, filter, type);
    }
    int changed = pair(first, then, flags, filter, type);
    if (thenResource == null) {
      return changed;
    }
    for (Resource instance : Family.instances(thenResource)) {
      changed |= instance(instance, first, then, node, flags, filter, type);
    }
    return changed;
  }

  private int instance(
      Resource instance,
      Action first,
      Action then,
      @Nullable Node node,
      int flags,
      int filter,
      OrderFlag type) {
    Action part = ActionFlags.newest(instance, then.task, node);
    if (part == null || (ActionFlags.of(part, node) & ActionFlags.RUNNABLE) == 0) {
      return 0;
    }
    int changed = update(instance, first, part, node, flags, filter, type);
    if ((changed & OrderUpdates.THEN) != 0) {
      updates.updateAfter(part);
    }
    return changed;
  }

  private static boolean interleave(Resource firstResource, Resource thenResource, Action then) {
    if (firstResource == thenResource || !several(firstResource) || !several(thenResource)) {
      return false;
    }
    boolean down = then.key.endsWith("_stop_0") || then.key.endsWith("_demote_0");
    String interleave = (down ? firstResource : thenResource).meta("interleave");
    return interleave != null && Booleans.parse(interleave, false);
  }

  private static boolean several(Resource resource) {
    return resource instanceof Clone || resource instanceof Bundle;
  }

  private int interleaved(
      Action first,
      Resource firstResource,
      Action then,
      Resource thenResource,
      @Nullable Node node,
      int filter,
      OrderFlag type) {
    List<? extends Resource> firsts = Family.instances(firstResource);
    if (firsts.isEmpty()) {
      return 0;
    }
    String firstTask = ActionFlags.originalTask(first, firsts.getFirst());
    boolean current = first.key.endsWith("_stopped_0") || first.key.endsWith("_demoted_0");
    EnumSet<OrderFlag> flags = EnumSet.of(type);
    int changed = 0;
    for (Resource thenInstance : Family.instances(thenResource)) {
      Resource firstInstance = Interleaving.beside(thenInstance, firstResource, current);
      if (firstInstance == null) {
        boolean binds =
            type == OrderFlag.UNRUNNABLE_FIRST_BLOCKS || type == OrderFlag.FIRST_IMPLIES_THEN;
        if (binds && !current && unassign(thenInstance, firstResource)) {
          changed |= OrderUpdates.THEN;
        }
        continue;
      }
      Action firstAction = Interleaving.action(first, firstInstance, firstTask, node, true);
      Action thenAction = Interleaving.action(then, thenInstance, then.task, node, false);
      if (firstAction == null || thenAction == null) {
        continue;
      }
      if (Orderings.link(firstAction, thenAction, flags)) {
        changed |= OrderUpdates.FIRST | OrderUpdates.THEN;
      }
      int firstFlags = ActionFlags.of(firstAction, node);
      changed |= update(thenInstance, firstAction, thenAction, node, firstFlags, filter, type);
    }
    return changed;
  }

  /// Keeps an instance from coming up, as there is none that it could come up beside.
  private boolean unassign(Resource resource, Resource beside) {
    if (!(resource instanceof Primitive)) {
      boolean changed = false;
      for (Resource child : resource.children()) {
        changed |= unassign(child, beside);
      }
      return changed;
    }
    Node node = resource.assignedTo;
    if (node != null) {
      resource.assignedTo = null;
      node.assigned.remove(resource);
      node.assignedResources--;
    }
    String why = "no instance of " + beside.id + " shall run beside it";
    Resources.nextRole(resource, Role.STOPPED, why);
    for (Action action : resource.actions) {
      switch (action.task) {
        case Tasks.STOP -> action.set(Flag.OPTIONAL, false);
        case Tasks.START -> action.set(Flag.RUNNABLE, false);
        default -> {
          String interval = action.meta.get("interval");
          boolean recurring = interval != null && !interval.equals("0");
          if (recurring && !"7".equals(action.meta.get("op_target_rc"))) {
            action.set(Flag.RUNNABLE, false);
          }
        }
      }
    }
    return node != null;
  }
}
