package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Action.Flag;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;

/// What one flag of an ordering does to the two actions themselves. Whatever takes the one out of
/// its course gets the other one as its reason.
final class OrderedPair {
  private OrderedPair() {}

  /// @param flags the first's, as the ordering sees them
  /// @param filter which of them count
  /// @return what changed, as in [OrderUpdates]
  static int update(Action first, Action then, int flags, int filter, OrderFlag type) {
    int firstBefore = state(first);
    int thenBefore = state(then);
    boolean optionalCounts = (filter & ActionFlags.OPTIONAL) != 0;
    boolean firstOptional = (flags & ActionFlags.OPTIONAL) != 0;
    switch (type) {
      case ASYMMETRIC -> asymmetric(first, then);
      case THEN_IMPLIES_FIRST -> {
        if (!then.is(Flag.OPTIONAL)) {
          if (optionalCounts && !firstOptional) {
            clear(first, Flag.OPTIONAL, then);
          }
          if ((flags & ActionFlags.MIGRATABLE) != 0 && !then.is(Flag.MIGRATABLE)) {
            clear(first, Flag.MIGRATABLE, then);
          }
        }
      }
      case PROMOTED_THEN_IMPLIES_FIRST -> {
        if (then.resource != null
            && then.resource.role == Role.PROMOTED
            && optionalCounts
            && !then.is(Flag.OPTIONAL)) {
          clear(first, Flag.OPTIONAL, then);
          if (!then.is(Flag.MIGRATABLE)) {
            clear(first, Flag.MIGRATABLE, then);
          }
        }
      }
      case UNMIGRATABLE_THEN_BLOCKS -> {
        if (!then.is(Flag.MIGRATABLE) || !then.is(Flag.RUNNABLE)) {
          clear(first, Flag.RUNNABLE, then);
        }
        if (!then.is(Flag.OPTIONAL)) {
          clear(first, Flag.OPTIONAL, then);
        }
      }
      case FIRST_ELSE_THEN -> {
        if (!first.is(Flag.RUNNABLE)) {
          clear(then, Flag.MIGRATABLE, first);
          then.set(Flag.PSEUDO, false);
        }
      }
      case UNRUNNABLE_FIRST_BLOCKS -> {
        if (then.is(Flag.RUNNABLE) && (flags & ActionFlags.RUNNABLE) == 0) {
          clear(then, Flag.RUNNABLE, first);
          clear(then, Flag.MIGRATABLE, first);
        }
      }
      case FIRST_IMPLIES_THEN -> {
        if (optionalCounts && !firstOptional && !first.is(Flag.MIGRATABLE)) {
          clear(then, Flag.OPTIONAL, first);
        }
      }
      case INTERMEDIATE_STOP -> restart(first, then, filter);
      default -> {}
    }
    return (state(first) != firstBefore ? OrderUpdates.FIRST : 0)
        | (state(then) != thenBefore ? OrderUpdates.THEN : 0);
  }

  private static int state(Action action) {
    return (action.is(Flag.OPTIONAL) ? 1 : 0)
        | (action.is(Flag.RUNNABLE) ? 2 : 0)
        | (action.is(Flag.MIGRATABLE) ? 4 : 0)
        | (action.is(Flag.PSEUDO) ? 8 : 0);
  }

  /// Takes a flag away and says because of which action.
  static void clear(Action action, Flag flag, Action because) {
    if (!action.is(flag)) {
      return;
    }
    action.set(flag, false);
    if (action.resource != because.resource) {
      Actions.reason(action, reason(because, flag), false);
    }
  }

  private static String reason(Action because, Flag flag) {
    String change =
        switch (flag) {
          case RUNNABLE -> "unrunnable";
          case MIGRATABLE -> "unmigrateable";
          case OPTIONAL -> "required";
          default -> "";
        };
    Resource resource = because.resource;
    return change + (resource == null ? "" : " " + resource.id) + " " + because.task;
  }

  /// Nothing of the reverse was configured, so an unrunnable first blocks whatever then is, but for
  /// what is so already.
  private static void asymmetric(Action first, Action then) {
    Resource resource = then.resource;
    if (resource == null || first.is(Flag.RUNNABLE)) {
      return;
    }
    if (then.is(Flag.OPTIONAL)) {
      Role role = Family.role(resource, true);
      boolean isStopped = role == Role.STOPPED && then.task.equals(Tasks.STOP);
      boolean isThere =
          role.compareTo(Role.STARTED) >= 0
              && then.task.equals(Tasks.START)
              && runsOnlyOn(resource, then);
      if (isStopped || isThere) {
        return;
      }
    }
    clear(then, Flag.OPTIONAL, first);
    clear(then, Flag.RUNNABLE, first);
  }

  private static boolean runsOnlyOn(Resource resource, Action then) {
    return resource.runningOn.size() == 1 && resource.runningOn.getFirst() == then.node;
  }

  private static void restart(Action first, Action then, int filter) {
    Resource resource = then.resource;
    boolean restarts = (filter & ActionFlags.OPTIONAL) != 0 && !then.is(Flag.OPTIONAL);
    // What cannot be started again is stopped nevertheless.
    boolean stops =
        (filter & ActionFlags.RUNNABLE) != 0
            && !then.is(Flag.RUNNABLE)
            && resource != null
            && resource.is(Resource.Flag.MANAGED)
            && first.resource == resource;
    if (!restarts && !stops) {
      return;
    }
    if (first.is(Flag.RUNNABLE) || !then.is(Flag.OPTIONAL)) {
      clear(first, Flag.OPTIONAL, then);
    }
    if (!then.is(Flag.MIGRATABLE)) {
      clear(first, Flag.MIGRATABLE, then);
    }
    if (!first.is(Flag.OPTIONAL) && !first.is(Flag.RUNNABLE)) {
      clear(then, Flag.RUNNABLE, first);
    }
  }
}
