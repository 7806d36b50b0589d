package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.MultipleActive;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.unpack.FailCounts;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The actions that bring a primitive from where and what it is to where and what it shall be.
///
/// A resource that stays may have to restart: its actions down to stopped and up again are made as
/// optional ones, so that an ordering can ask for them, and as required ones where recovery is due.
/// Then come the steps from its role to its next role, its recurring monitors, and a live migration
/// where one is possible.
///
/// | from | down goes by | up goes by |
/// |---|---|---|
/// | Promoted | demote to Unpromoted | |
/// | Unpromoted, Started | stop to Stopped | promote to Promoted |
/// | Stopped | | start to Started or Unpromoted |
public final class PrimitiveActions {
  private PrimitiveActions() {}

  /// Makes all actions of the primitive.
  public static void create(Cluster cluster, Resource.Primitive resource) {
    if (resource.nextRole == Role.UNKNOWN) {
      Role role = resource.assignedTo == null ? Role.STOPPED : Role.STARTED;
      Resources.nextRole(resource, role, "assignment");
    }
    ActiveNodes active = ActiveNodes.of(resource);
    Node current = active.node();
    for (Node source : resource.danglingMigrations) {
      abortMigration(cluster, resource, source);
    }
    boolean moves =
        current != null
            && resource.assignedTo != null
            && current != resource.assignedTo
            && resource.nextRole.active();
    boolean needStop = moves;
    boolean migrate = moves && current != null && Migration.possible(resource, current);

    boolean multiple = false;
    if (continuesMigration(resource, active, migrate)) {
      // The migration goes on to the target that it had.
      migrate = true;
    } else if (resource.partialMigrationSource != null || resource.partialMigrationTarget != null) {
      needStop = true;
      resource.partialMigrationSource = null;
      resource.partialMigrationTarget = null;
      migrate = false;
    } else {
      // Without fencing, it does not count as active on unclean nodes: it may start elsewhere
      // before they are fenced.
      int count = resource.is(Resource.Flag.NEEDS_FENCING) ? active.all() : active.clean();
      multiple = count > 1;
    }
    needStop |= multiple && stopsWhereUnexpected(resource);
    resource.set(
        Resource.Flag.STOP_UNEXPECTED,
        multiple && resource.multipleActive == MultipleActive.STOP_UNEXPECTED);

    if (resource.is(Resource.Flag.START_PENDING)) {
      Actions.of(cluster, resource, "start", resource.assignedTo, true)
          .set(Action.Flag.ALWAYS_IN_GRAPH, true);
    }
    boolean needPromote = false;
    if (!moves) {
      if (resource.is(Resource.Flag.FAILED)) {
        boolean stop = resource.is(Resource.Flag.STOP_IF_FAILED_ASSIGN);
        needStop |= stop;
        needPromote = !stop && resource.nextRole == Role.PROMOTED;
      } else if (resource.is(Resource.Flag.BLOCKED)) {
        needStop = true;
      } else if (resource.role.compareTo(Role.STARTED) > 0
          && current != null
          && resource.assignedTo != null) {
        Action start = Actions.of(cluster, resource, "start", resource.assignedTo, true);
        needStop |= !start.is(Action.Flag.OPTIONAL);
      }
    }
    scheduleRestart(cluster, resource, current, needStop, needPromote);
    scheduleRoleChange(cluster, resource);
    Recurring.create(cluster, resource);
    if (migrate && current != null) {
      Migration.create(cluster, resource, current);
    }
  }

  private static boolean continuesMigration(
      Resource resource, ActiveNodes active, boolean canMigrate) {
    return resource.partialMigrationSource != null
        && resource.partialMigrationTarget != null
        && canMigrate
        && active.all() == 2
        && active.node() == resource.partialMigrationSource
        && resource.assignedTo == resource.partialMigrationTarget;
  }

  private static boolean stopsWhereUnexpected(Resource resource) {
    return resource.multipleActive == MultipleActive.STOP_START
        || resource.multipleActive == MultipleActive.STOP_UNEXPECTED;
  }

  /// Down to stopped where it is, and up again to the same role where it will be.
  private static void scheduleRestart(
      Cluster cluster,
      Resource.Primitive resource,
      @Nullable Node current,
      boolean needStop,
      boolean needPromote) {
    resource.set(Resource.Flag.RESTARTING, true);
    Role role = resource.role;
    while (role != Role.STOPPED) {
      Role next = towards(role, Role.STOPPED);
      if (!step(cluster, resource, current, role, next, !needStop)) {
        break;
      }
      role = next;
    }
    while (resource.role.compareTo(resource.nextRole) <= 0
        && role != resource.role
        && !resource.is(Resource.Flag.BLOCKED)) {
      Role next = towards(role, resource.role);
      boolean required = needStop || (next == Role.PROMOTED && needPromote);
      if (!step(cluster, resource, resource.assignedTo, role, next, !required)) {
        break;
      }
      role = next;
    }
    resource.set(Resource.Flag.RESTARTING, false);
  }

  private static void scheduleRoleChange(Cluster cluster, Resource.Primitive resource) {
    Role role = resource.role;
    while (role != resource.nextRole) {
      Role next = towards(role, resource.nextRole);
      if (!step(cluster, resource, resource.assignedTo, role, next, false)) {
        return;
      }
      role = next;
    }
  }

  /// The role that comes next on the way.
  private static Role towards(Role role, Role goal) {
    return switch (role) {
      case UNKNOWN -> Role.STOPPED;
      case STOPPED ->
          switch (goal) {
            case UNKNOWN, STOPPED -> Role.STOPPED;
            case STARTED -> Role.STARTED;
            case UNPROMOTED, PROMOTED -> Role.UNPROMOTED;
          };
      case STARTED -> goal == Role.UNKNOWN ? Role.STOPPED : goal;
      case UNPROMOTED -> goal.compareTo(Role.STARTED) <= 0 ? Role.STOPPED : goal;
      case PROMOTED ->
          switch (goal) {
            case UNKNOWN -> Role.STOPPED;
            case STOPPED, STARTED, UNPROMOTED -> Role.UNPROMOTED;
            case PROMOTED -> Role.PROMOTED;
          };
    };
  }

  /// Makes the actions of one step.
  ///
  /// @return false where there is nothing to be done for it
  private static boolean step(
      Cluster cluster,
      Resource.Primitive resource,
      @Nullable Node node,
      Role from,
      Role to,
      boolean optional) {
    if (to == Role.STOPPED && from != Role.STOPPED) {
      stop(cluster, resource, optional);
    } else if (from == Role.STOPPED && to != Role.STOPPED) {
      start(cluster, resource, node, optional);
    } else if (to == Role.PROMOTED && from != Role.PROMOTED) {
      promote(cluster, resource, node, optional);
    } else if (from == Role.PROMOTED && to != Role.PROMOTED) {
      demote(cluster, resource, optional);
    } else {
      return false;
    }
    return true;
  }

  /// True for the node where a resource that is active too often may stay.
  private static boolean expected(Resource resource, @Nullable Node node) {
    return resource.is(Resource.Flag.STOP_UNEXPECTED)
        && resource.is(Resource.Flag.RESTARTING)
        && resource.nextRole.active()
        && node != null
        && resource.assignedTo == node;
  }

  private static void stop(Cluster cluster, Resource.Primitive resource, boolean wanted) {
    boolean optional = wanted;
    for (Node current : List.copyOf(resource.runningOn)) {
      if (expected(resource, current)) {
        continue;
      }
      if (resource.partialMigrationTarget != null) {
        if (current == resource.partialMigrationTarget && current == resource.assignedTo) {
          continue;
        }
        optional = false;
      }
      Action stop = Actions.of(cluster, resource, "stop", current, optional);
      if (resource.assignedTo == null) {
        stop.reason = "node availability";
      } else if (resource.is(Resource.Flag.RESTARTING)
          && resource.is(Resource.Flag.STOP_UNEXPECTED)) {
        stop.reason = "being multiply active";
      }
      if (!resource.is(Resource.Flag.MANAGED)) {
        stop.set(Action.Flag.RUNNABLE, false);
      }
      if (cluster.is(Cluster.Flag.REMOVE_AFTER_STOP)) {
        cleanUp(cluster, resource, current, optional);
      }
      if (resource.is(Resource.Flag.NEEDS_UNFENCING)) {
        Action unfence = Actions.fence(cluster, current, "on", true, null, false);
        Orderings.link(stop, unfence, EnumSet.of(OrderFlag.THEN_IMPLIES_FIRST));
      }
    }
  }

  private static void start(
      Cluster cluster, Resource.Primitive resource, @Nullable Node node, boolean optional) {
    if (node == null) {
      return;
    }
    Action start = Actions.of(cluster, resource, "start", node, true);
    Unfencing.order(cluster, resource, node, start, EnumSet.of(OrderFlag.FIRST_IMPLIES_THEN));
    if (!optional && start.is(Action.Flag.RUNNABLE)) {
      start.set(Action.Flag.OPTIONAL, false);
    }
    if (expected(resource, node)) {
      start.set(Action.Flag.PSEUDO, true);
    }
  }

  private static void promote(
      Cluster cluster, Resource.Primitive resource, @Nullable Node node, boolean optional) {
    if (node == null) {
      return;
    }
    boolean runnable = true;
    for (Action start : Actions.findExact(resource.actions, resource.key("start"), node)) {
      runnable &= start.is(Action.Flag.RUNNABLE);
    }
    if (runnable) {
      Action promote = Actions.of(cluster, resource, "promote", node, optional);
      if (expected(resource, node)) {
        promote.set(Action.Flag.PSEUDO, true);
      }
      return;
    }
    for (Action promote : Actions.findExact(resource.actions, resource.key("promote"), node)) {
      promote.set(Action.Flag.RUNNABLE, false);
    }
  }

  /// Demotes it wherever it runs: more than one node means recovery.
  private static void demote(Cluster cluster, Resource.Primitive resource, boolean optional) {
    for (Node current : List.copyOf(resource.runningOn)) {
      if (!expected(resource, current)) {
        Actions.of(cluster, resource, "demote", current, optional);
      }
    }
  }

  private static void abortMigration(Cluster cluster, Resource.Primitive resource, Node source) {
    Action stop = Actions.of(cluster, resource, "stop", source, false);
    stop.set(Action.Flag.MIGRATION_ABORT, true);
    if (cluster.is(Cluster.Flag.REMOVE_AFTER_STOP)) {
      cleanUp(cluster, resource, source, false);
    }
  }

  /// Schedules that the history of the resource on the node is deleted: after its stop, before it
  /// starts again.
  public static void cleanUp(Cluster cluster, Resource resource, Node node, boolean optional) {
    if (resource.is(Resource.Flag.FAILED) || node.unclean || !node.online) {
      return;
    }
    Actions.of(cluster, resource, "delete", node, optional);
    EnumSet<OrderFlag> flags =
        EnumSet.of(optional ? OrderFlag.FIRST_IMPLIES_THEN : OrderFlag.ORDERED);
    Orderings.add(cluster, resource, "stop", resource, "delete", flags);
    Orderings.add(cluster, resource, "delete", resource, "start", flags);
  }

  /// Clears the fail counts of a resource that is no longer configured.
  public static void clearFailCountsOfRemoved(Cluster cluster) {
    for (Resource resource : cluster.resources) {
      if (!resource.is(Resource.Flag.REMOVED)) {
        continue;
      }
      for (Node node : cluster.nodes) {
        if (node.online && FailCounts.count(cluster, node, resource, true, false) != 0) {
          Action clear = Actions.clearFailCount(cluster, resource, node, "it is removed");
          Orderings.add(cluster, clear, resource, "stop", EnumSet.of(OrderFlag.ORDERED));
        }
      }
    }
  }
}
